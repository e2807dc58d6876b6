// The built page on a server that has nothing but files, as a visitor of a hosted demo gets it.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** The built page. */
export const built = process.env.CONSOLE_PAGE ?? fileURLToPath(new URL("../../dist/", import.meta.url));

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves the page below `/demo/`, for it must work below any path. */
export async function serveFiles() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://files");
    const path = normalize(pathname.replace(/^\/demo\//, "/").replace(/\/$/, "/index.html"));
    try {
      const content = await readFile(join(built, path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
      response.end(request.method === "HEAD" ? undefined : content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/demo/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
