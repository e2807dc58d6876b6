// Vercel's edge runtime. Bundled as Next.js does: `?module` gives a compiled module.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";
import { answer, version } from "../harness.mjs";

export default { name: "Vercel edge", run };

async function run(baseUrl) {
  const { outputFiles } = await build({
    entryPoints: ["edge-light/function.mjs"],
    bundle: true,
    format: "iife",
    write: false,
    conditions: ["edge-light", "worker", "browser"],
    plugins: [{ name: "wasm?module", setup: compileWasm }],
  });
  const runtime = new EdgeRuntime({ initialCode: outputFiles[0].text });
  const url = `https://function.example/?baseUrl=${encodeURIComponent(baseUrl)}`;
  const result = await answer(await runtime.dispatchFetch(url));
  return { ...result, version: `${version("edge-runtime")}, ${result.version}` };
}

function compileWasm({ onResolve, onLoad }) {
  onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
    path: join(resolveDir, path.replace("?module", "")),
    namespace: "compiled",
  }));
  onLoad({ filter: /.*/, namespace: "compiled" }, ({ path }) => {
    const base64 = readFileSync(path).toString("base64");
    return {
      contents: `export default new WebAssembly.Module(Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0)))`,
    };
  });
}
