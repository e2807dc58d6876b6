// How much a visitor waits for: compressed bytes of the first load, and milliseconds until the form can be filled in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { desktop } from "./harness/browser.mjs";
import { browser, files } from "./harness/stage.mjs";

const LIMIT = 490_000;

test("the first load is at most 490 KB compressed, with the core and without the emulator of the static page", async (t) => {
  const page = await browser.newPage({ viewport: desktop });
  const bodies = [];
  page.on("response", (response) => {
    if (response.request().method() !== "HEAD") bodies.push(response.body().then((body) => [response.url(), body]));
  });
  const began = performance.now();
  await page.goto(files.url);
  await page.getByRole("combobox", { name: /Callees|被叫|着信/ }).fill("jack");
  const interactive = performance.now() - began;
  const { paint, loaded } = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    loaded: performance.getEntriesByType("navigation")[0]?.loadEventEnd,
  }));
  await page.close();

  const sizes = { js: 0, css: 0, core: 0, emulator: 0, other: 0 };
  for (const [url, body] of await Promise.all(bodies)) {
    const kind = kindOf(new URL(url).pathname);
    // Compressing takes seconds, and what the emulator comes to nobody waits for.
    sizes[kind] += kind === "emulator" ? body.length : brotliCompressSync(body).length;
  }
  const { emulator, ...first } = sizes;
  const total = Object.values(first).reduce((sum, size) => sum + size);
  for (const [name, size] of Object.entries({ ...first, total })) t.diagnostic(`${name} = ${size} bytes, brotli`);
  t.diagnostic(`first contentful paint = ${paint?.toFixed(0)} ms, load = ${loaded.toFixed(0)} ms, first input = ${interactive.toFixed(0)} ms`);
  assert.ok(total <= LIMIT, `${total} bytes`);
  assert.ok(emulator > 0, "the page was the simulated one");
});

function kindOf(path) {
  if (/in-page/.test(path)) return "emulator";
  if (path.endsWith(".wasm")) return "core";
  if (path.endsWith(".js")) return "js";
  return path.endsWith(".css") ? "css" : "other";
}
