// The examples, each as its head says: compiled, started, asked to ring, and told by the emulator how the call ended.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { bin, bundledWorker, run, version } from "../harness.mjs";
import { eaten } from "./eaten.mjs";
import { jobQueue, oneKey } from "./postgres.mjs";
import { environment, forged, follow, ring, startServer, waitFor } from "./server.mjs";

const examples = resolve("../examples");
const out = (file) => join(examples, "out", file);
const inExamples = createRequire(join(examples, "package.json"));
// The program itself: who ends what npm installs in its place leaves it running.
const deno = resolve("node_modules/@deno/linux-x64-glibc/deno");
const bun = resolve("node_modules/@oven/bun-linux-x64/bin/bun");

/** An example: the package whose version is told, and what starts it. */
const server = (name, kept, command) => ({
  name: `example: ${name}`,
  folder: "../examples",
  async run(baseUrl) {
    const passed = await follow(baseUrl, await startServer(command, baseUrl, examples));
    return { version: typeof kept === "string" ? version(kept, examples) : await kept(), passed };
  },
});
const onNode = (name, kept, file = `${name}/main.js`) => server(name, kept, [process.execPath, out(file)]);
const toolVersion = (tool) => async () => (await run(tool, ["--version"])).split("\n")[0];

export default [
  { name: "examples: compiled", folder: "../examples", run: compile },
  onNode("http", async () => process.version),
  onNode("express", "express"),
  onNode("express", "express-4", "express/main-4.js"),
  onNode("fastify", "fastify"),
  onNode("nestjs", "@nestjs/core"),
  onNode("hono", "hono"),
  server("deno", toolVersion(deno), [deno, "run", "--no-remote", "--allow-net=127.0.0.1", "--allow-env", "deno/main.ts"]),
  server("bun", toolVersion(bun), [bun, "run", "bun/main.ts"]),
  { name: "example: multi-tenant", run: multiTenant },
  { name: "example: opentelemetry", run: (baseUrl) => alone("telemetry", "opentelemetry", "@opentelemetry/instrumentation-undici", baseUrl) },
  { name: "example: proxy", run: (baseUrl) => alone("proxied", "proxy", "undici", baseUrl) },
  { name: "example: cloudflare", run: worker },
  { name: "example: lambda", run: lambda },
  { name: "example: job-queue, whose job runs again", run: jobQueue },
  { name: "examples: 8 processes with one key", run: oneKey },
  { name: "examples: a parser that eats the body", run: async () => ({ version: "Express, Fastify", passed: await eaten(inExamples) }) },
];

async function compile() {
  const tsc = (args) => run(bin("tsc"), args, { cwd: examples });
  await tsc(["-p", "."]);
  const checks = ["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
  await tsc([...checks, "--lib", "es2022", "--types", "@cloudflare/workers-types", "cloudflare/worker.ts", "cloudflare-queue/worker.ts", "cloudflare-alarm/worker.ts"]);
  await tsc([...checks, "--lib", "es2022", "--types", "bun", "bun/main.ts"]);
  await run(deno, ["check", "deno/main.ts"], { cwd: examples });
  // The same example, with the older one.
  writeFileSync(out("express/main-4.js"), readFileSync(out("express/main.js"), "utf8").replace('from "express"', 'from "express-4"'));
  return { version: version("typescript"), passed: 4 };
}

/** A program of its own that goes by an example. */
async function alone(program, example, kept, baseUrl) {
  const env = { ...process.env, ...environment(baseUrl) };
  const printed = await run(process.execPath, [`examples/${program}.mjs`, out(`${example}/main.js`)], { env });
  return { version: version(kept, examples), ...JSON.parse(printed) };
}

async function multiTenant(baseUrl) {
  const { TRTC_SECRET_KEY: secretKey, TRTC_WEBHOOK_TOKEN: token } = environment(baseUrl);
  const acme = { sdkAppId: 1400000001, secretKey, token, baseUrl };
  const TENANTS = JSON.stringify({ acme, other: { ...acme, sdkAppId: 1400000002, token: "another" } });
  const server = await startServer([process.execPath, out("multi-tenant/main.js")], baseUrl, examples, { TENANTS });
  return { version: process.version, passed: await follow(baseUrl, server, "/acme") };
}

async function worker(baseUrl) {
  const miniflare = new Miniflare({
    ...(await bundledWorker(join(examples, "cloudflare/worker.ts"), out("cloudflare"))),
    bindings: environment(baseUrl),
    durableObjects: { CALLS: { className: "Call", useSQLite: true } },
  });
  try {
    const { origin } = await miniflare.ready;
    const callId = await ring(baseUrl, origin);
    const state = async () => (await fetch(`${origin}/calls/${callId}`)).json();
    await waitFor(async () => (await state()).record?.result === "NormalEnd", "the Durable Object's record");
    const { members } = await state();
    if (!Object.values(members).includes("hung_up")) throw new Error(JSON.stringify(members));
    return { version: version("workerd"), passed: 2 + (await forged(origin)) };
  } finally {
    await miniflare.dispose();
  }
}

/** The one file that is uploaded, behind a server that makes of each request what a function URL makes of it. */
async function lambda(baseUrl) {
  mkdirSync(out("lambda"), { recursive: true });
  const outfile = out("lambda/index.cjs");
  await build({ entryPoints: [join(examples, "lambda/main.ts")], bundle: true, platform: "node", outfile });
  const command = [process.execPath, resolve("examples/function-url.mjs"), outfile];
  return { version: version("esbuild"), passed: await follow(baseUrl, await startServer(command, baseUrl, examples)) };
}
