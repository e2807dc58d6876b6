// Webhooks verified and read by the npm package, in Node and in Cloudflare's workerd: `node webhook.mjs PACKAGE
// PROJECTS`, the package's folder and the one whose node_modules hold esbuild and miniflare. Prints `name = value`.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [ours, projects] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(projects, "package.json"));
const ROUNDS = 5;

/** A delivery, and the work that is measured: as text, so that a worker gets the same. */
const work = `
  import { Webhook } from "trtc-call";
  const now = 1740464130;
  const receiver = { sdkAppId: 1400000001, token: "a token of usual length", now };
  const body = JSON.stringify({
    CallbackCommand: "Call.CallbackAfterEndCall",
    CallRecord: {
      CallId: "055662e1-bc8a-469c-a334-1126c8c17d58", Caller_Account: "10001", MediaType: "Audio",
      CallType: "SingleCall", StartTime: 1741231146, EndTime: 1741231296, AcceptTime: 0,
      CallResult: "NotAnswer", CalleeList_Account: ["10001", "user2"], RoomId: "roomid-1434", RoomIdType: 2,
    },
    EventTime: 1703589922780,
  });
  let delivery;
  export function verify(count) {
    const { sdkAppId, token } = receiver;
    delivery ??= {
      url: Webhook.signForTest({ sdkAppId, token, url: "https://receiver.example/", body, now }).url,
      body: new TextEncoder().encode(body),
    };
    for (let index = 0; index < count; index += 1) {
      if (!Webhook.verify(delivery, receiver).valid) throw new Error("a good delivery is refused");
    }
  }
`;

/** The best of some rounds; a worker's clock stands still while it works, so that this one is looked at. */
async function perSecond(verify, count) {
  await verify(count);
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const began = performance.now();
    await verify(count);
    best = Math.max(best, (count * 1000) / (performance.now() - began));
  }
  return best;
}

const folder = mkdtempSync(join(tmpdir(), "trtc-call-bench-"));
try {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ours, join(folder, "node_modules/trtc-call"));
  writeFileSync(join(folder, "work.mjs"), work);
  const { verify } = await import(pathToFileURL(join(folder, "work.mjs")).href);
  const node = await perSecond(async (count) => verify(count), 20_000);
  console.log(`webhook.node.verify_and_parse.per_second = ${node.toFixed(0)}`);

  writeFileSync(
    join(folder, "worker.mjs"),
    `import { verify } from "./work.mjs";
     export default {
       fetch(request) {
         verify(Number(new URL(request.url).searchParams.get("count")));
         return new Response("done");
       },
     };`,
  );
  const { build } = require("esbuild");
  await build({
    entryPoints: [join(folder, "worker.mjs")],
    bundle: true,
    format: "esm",
    outdir: join(folder, "out"),
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  const { Miniflare } = require("miniflare");
  const miniflare = new Miniflare({
    modulesRoot: join(folder, "out"),
    modules: [
      { type: "ESModule", path: join(folder, "out/worker.js") },
      { type: "CompiledWasm", path: join(folder, "out/core.wasm") },
    ],
    compatibilityDate: "2026-04-01",
    cf: false,
  });
  try {
    const url = await miniflare.ready;
    const workerd = await perSecond(async (count) => {
      url.searchParams.set("count", String(count));
      const answer = await fetch(url);
      if ((await answer.text()) !== "done") throw new Error("the worker failed");
    }, 20_000);
    console.log(`webhook.workerd.verify_and_parse.per_second = ${workerd.toFixed(0)}`);
  } finally {
    await miniflare.dispose();
  }
} finally {
  rmSync(folder, { recursive: true });
}
