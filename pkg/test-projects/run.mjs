// Runs every test project against the packed package: `node run.mjs TARBALL`. Each is a consumer as users write
// them; a runtime that is missing is a failure.
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "./emulator-process.mjs";

const run = promisify(execFile);
const tarball = process.argv[2];
if (tarball === undefined) throw new Error("name the package's tarball");
process.chdir(import.meta.dirname);

// As `npm install TARBALL` does, without touching the lockfile: the package has no dependencies and no scripts.
const installed = "node_modules/trtc-call";
rmSync(installed, { recursive: true, force: true });
mkdirSync(installed, { recursive: true });
execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);

const emulator = await startEmulator({
  sdkAppId: 1400000001,
  secretKey: "the key of the test projects",
});
const env = { ...process.env, BASE_URL: emulator.baseUrl };
const bin = (name) => join("node_modules/.bin", name);

/** What a program printed last, as JSON. */
async function report(program, ...args) {
  const { stdout } = await run(program, args, { env, timeout: 120_000 });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const projects = {
  "Node, ES modules": () => report("node", "node-esm/main.mjs"),
  "Node, CommonJS": () => report("node", "node-cjs/main.cjs"),
  async TypeScript() {
    await run(bin("tsc"), ["-p", "typescript"]);
    const { passed } = await report("node", "typescript/out/main.cjs");
    const { version, ...esm } = await report("node", "typescript/out/main.mjs");
    const compiler = (await run(bin("tsc"), ["--version"])).stdout.trim();
    return { version: `${compiler}, ${version}`, passed: passed + esm.passed };
  },
  Deno: () =>
    report(bin("deno"), "run", "--no-remote", "--allow-read", "--allow-net=127.0.0.1", "deno/main.mjs", emulator.baseUrl),
  Bun: () => report("node_modules/@oven/bun-linux-x64/bin/bun", "run", "bun/main.mjs"),
  workerd,
  "Vercel edge": edgeLight,
  "Chromium, by Vite": () => chromium(viteBuild),
  "Chromium, by Vite's development server": () => chromium(viteDev),
};

/** Cloudflare's own runtime, over HTTP. Bundled as wrangler does: wasm files become modules. */
async function workerd() {
  const { build } = await import("esbuild");
  await build({
    entryPoints: ["workerd/worker.mjs"],
    bundle: true,
    format: "esm",
    outdir: "workerd/out",
    conditions: ["workerd", "worker", "browser"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
  });
  const { Log, LogLevel, Miniflare } = await import("miniflare");
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
    url.searchParams.set("baseUrl", emulator.baseUrl);
    const report = await answer(await fetch(url));
    if (warnings.length > 0) throw new Error(`workerd warns: ${warnings.join("\n")}`);
    const { version } = JSON.parse(readFileSync("node_modules/workerd/package.json", "utf8"));
    return { ...report, version: `${version}, ${report.version}` };
  } finally {
    await miniflare.dispose();
  }
}

/** Vercel's edge runtime. Bundled as Next.js does: `?module` gives a compiled module of the runtime's own realm. */
async function edgeLight() {
  const { build } = await import("esbuild");
  const compiled = {
    name: "wasm?module",
    setup(build) {
      build.onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.replace("?module", "")),
        namespace: "compiled",
      }));
      build.onLoad({ filter: /.*/, namespace: "compiled" }, ({ path }) => {
        const base64 = readFileSync(path).toString("base64");
        return {
          contents: `export default new WebAssembly.Module(Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0)))`,
        };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: ["edge-light/function.mjs"],
    bundle: true,
    format: "iife",
    write: false,
    conditions: ["edge-light", "worker", "browser"],
    plugins: [compiled],
  });
  const { EdgeRuntime } = await import("edge-runtime");
  const runtime = new EdgeRuntime({ initialCode: outputFiles[0].text });
  const url = `https://function.example/?baseUrl=${encodeURIComponent(emulator.baseUrl)}`;
  const result = await answer(await runtime.dispatchFetch(url));
  const { version } = JSON.parse(readFileSync("node_modules/edge-runtime/package.json", "utf8"));
  return { ...result, version: `${version}, ${result.version}` };
}

async function answer(response) {
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return JSON.parse(text);
}

/** Vite's build, served as any web server would. */
async function viteBuild() {
  const { build } = await import("vite");
  await build({ root: "vite", configFile: "vite/vite.config.mjs", logLevel: "warn" });
  const types = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
  };
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : new URL(request.url, "http://x").pathname;
    try {
      const file = readFileSync(join("vite/dist", path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" }).end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => server.close() };
}

/** What `vite` serves while somebody develops, with nothing kept from an earlier run. */
async function viteDev() {
  const { createServer } = await import("vite");
  const server = await createServer({
    root: "vite",
    configFile: "vite/vite.config.mjs",
    cacheDir: "dist/development-cache",
    logLevel: "warn",
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  return { port: server.httpServer.address().port, close: () => server.close() };
}

/** A real browser, which opens the page that a server serves. */
async function chromium(serve) {
  const server = await serve();
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 800, height: 480 } });
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.waitForFunction(
      () => document.querySelector("#result").textContent !== "running",
      undefined,
      { timeout: 60_000 },
    );
    const text = await page.textContent("#result");
    await page.screenshot({ path: "vite/dist/screenshot.png" });
    if (!text.startsWith("{")) throw new Error(text);
    return { ...JSON.parse(text), version: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
    await server.close();
  }
}

let failures = 0;
const only = process.argv[3];
for (const [name, project] of Object.entries(projects)) {
  if (only !== undefined && name !== only) continue;
  try {
    const { version, passed } = await project();
    if (!(passed > 0)) throw new Error("it checked nothing");
    console.log(`ok      ${name} (${version}): ${passed} checks`);
  } catch (error) {
    failures += 1;
    console.log(`FAILED  ${name}: ${error?.stderr ?? ""}${error?.stack ?? error}`);
  }
}
await emulator.stop();
if (failures > 0) process.exitCode = 1;
