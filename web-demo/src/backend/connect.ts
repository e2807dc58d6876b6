import { ready } from "trtc-call";
import type { Backend } from "./backend.ts";
import { connectToServer, isServed } from "./server.ts";

/** Finds out what stands behind the page, and loads the core, which everything in the page needs. */
export async function connect(): Promise<Backend> {
  const [backend] = await Promise.all([behind(), ready()]);
  return backend;
}

async function behind(): Promise<Backend> {
  if (await isServed()) return connectToServer();
  const { openInPage } = await import("./in-page.ts");
  return openInPage();
}
