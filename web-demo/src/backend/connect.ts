import type { Backend } from "./backend.ts";
import { connectToServer, isServed } from "./server.ts";

/** Finds out what stands behind the page. */
export async function connect(): Promise<Backend> {
  if (await isServed()) return connectToServer();
  const { openInPage } = await import("./in-page.ts");
  return openInPage();
}
