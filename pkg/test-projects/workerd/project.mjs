// Cloudflare's own runtime, over HTTP. Bundled as wrangler does: wasm files become modules.
import { build } from "esbuild";
import { Log, LogLevel, Miniflare } from "miniflare";
import { answer, version } from "../harness.mjs";

export default { name: "workerd", run };

async function run(baseUrl) {
  await build({
    entryPoints: ["workerd/worker.mjs"],
    bundle: true,
    format: "esm",
    outdir: "workerd/out",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  const warnings = [];
  class Collecting extends Log {
    logWithLevel(level, message) {
      if (level <= LogLevel.WARN) warnings.push(message);
    }
  }
  const miniflare = new Miniflare({
    log: new Collecting(LogLevel.WARN),
    modules: [
      { type: "ESModule", path: "workerd/out/worker.js" },
      ...["core", "testing"].map((name) => ({ type: "CompiledWasm", path: `workerd/out/${name}.wasm` })),
    ],
    compatibilityDate: "2026-04-01",
    cf: false,
  });
  try {
    const url = await miniflare.ready;
    url.searchParams.set("baseUrl", baseUrl);
    const report = await answer(await fetch(url));
    if (warnings.length > 0) throw new Error(`workerd warns: ${warnings.join("\n")}`);
    return { ...report, version: `${version("workerd")}, ${report.version}` };
  } finally {
    await miniflare.dispose();
  }
}
