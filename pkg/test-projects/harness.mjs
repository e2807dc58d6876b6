// What the projects' `project.mjs` run their programs with.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { promisify } from "node:util";

const runFile = promisify(execFile);

/** Runs a program of npm's, or any other, and gives what it printed. */
export async function run(program, args, options) {
  const { stdout } = await runFile(program, args, { timeout: 300_000, maxBuffer: 2 ** 26, ...options });
  return stdout;
}

/** A program that a package installed. */
export const bin = (name) => join(import.meta.dirname, "node_modules/.bin", name);

/** What a program printed last, as JSON: its version, and how many checks passed. */
export async function report(program, ...args) {
  const printed = await run(program, args);
  return JSON.parse(printed.trim().split("\n").at(-1));
}

/** The version of a package that is installed. */
export function version(name, folder = ".") {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
}

/** What a project's server answered. */
export async function answer(response) {
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

/** Has bundles written to a folder with nothing around them, and runs each in Node: what it needs, it must hold. */
export async function bundles(name, writers) {
  const checked = [];
  for (const write of writers) {
    const folder = mkdtempSync(join(tmpdir(), "trtc-call-bundle-"));
    try {
      checked.push((await report("node", join(folder, await write(folder)))).passed);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return { version: version(name), passed: checked.reduce((sum, passed) => sum + passed, 0) };
}

/** Bundles a Worker as wrangler does, with the package of the test projects, and gives what Miniflare runs. */
export async function bundledWorker(entry, outdir) {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    outdir,
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:workers"],
    // Wasm files become modules.
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    plugins: [{ name: "installed here", setup: installedHere }],
  });
  const main = join(outdir, basename(entry).replace(/\.\w+$/, ".js"));
  return {
    modulesRoot: outdir,
    modules: [
      { type: "ESModule", path: main },
      { type: "CompiledWasm", path: join(outdir, "core.wasm") },
    ],
    compatibilityDate: "2026-04-01",
    cf: false,
  };
}

/** What an example imports may be installed beside it, too, or just be being installed. */
function installedHere(build) {
  build.onResolve({ filter: /^trtc-call/ }, ({ path, kind, resolveDir }) => {
    if (resolveDir === import.meta.dirname) return undefined;
    return build.resolve(path, { kind, resolveDir: import.meta.dirname });
  });
}

/** Files, served as any web server would. */
export async function serveFiles(folder) {
  const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
  const server = createServer((request, response) => {
    const path = request.url === "/" ? "/index.html" : new URL(request.url, "http://x").pathname;
    try {
      const file = readFileSync(join(folder, path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain" }).end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, close: () => server.close() };
}

/** A real browser, which opens the page of a server. Its `#result` is what was found. */
export async function chromium(server) {
  try {
    return await openPage(server.port);
  } finally {
    await server.close();
  }
}

async function openPage(port) {
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
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(
      () => document.querySelector("#result").textContent !== "running",
      undefined,
      { timeout: 60_000 },
    );
    const text = await page.textContent("#result");
    if (!text.startsWith("{")) throw new Error(text);
    return { ...JSON.parse(text), version: `Chromium ${browser.version()}` };
  } finally {
    await browser.close();
  }
}
