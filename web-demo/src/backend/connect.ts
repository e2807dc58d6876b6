import { initialize } from "trtc-call/slim";
import wasm from "trtc-call/wasm/core.wasm?url";
import type { Backend } from "./backend.ts";
import { connectToServer, isServed } from "./server.ts";

/** Finds out what stands behind the page, and loads the core, which everything in the page needs. */
export async function connect(): Promise<Backend> {
  const [served] = await Promise.all([isServed(), loadCore()]);
  if (served) return connectToServer();
  const { openInPage } = await import("./in-page.ts");
  return openInPage();
}

async function loadCore(): Promise<void> {
  const response = await fetch(wasm);
  if (!response.ok) throw new Error(`${response.url}: HTTP status ${response.status}`);
  initialize(await response.arrayBuffer());
}
