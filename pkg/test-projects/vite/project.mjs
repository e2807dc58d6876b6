import { build, createServer } from "vite";
import { chromium, report, serveFiles, version } from "../harness.mjs";

const config = { root: "vite", logLevel: "warn" };

export default [
  {
    name: "Vite's build, in Chromium",
    async run() {
      await build(config);
      const { passed, version: browser } = await chromium(await serveFiles("vite/dist"));
      return { passed, version: `${version("vite")}, ${browser}` };
    },
  },
  {
    name: "Vite's development server, in Chromium",
    async run() {
      // With nothing kept from an earlier run.
      const cacheDir = "dist/development-cache";
      const server = await createServer({ ...config, cacheDir, server: { host: "127.0.0.1", port: 0 } });
      await server.listen();
      const { passed, version: browser } = await chromium({
        port: server.httpServer.address().port,
        close: () => server.close(),
      });
      return { passed, version: `${version("vite")}, ${browser}` };
    },
  },
  {
    name: "Vite's server-side build, in Node",
    async run() {
      await build({ ...config, build: { ssr: "server.mjs", outDir: "dist/server" } });
      const { passed } = await report("node", "vite/dist/server/server.mjs");
      // The same with all packages in the bundle.
      const ssr = { noExternal: true };
      await build({ ...config, build: { ssr: "server.mjs", outDir: "dist/server-alone" }, ssr });
      const alone = await report("node", "vite/dist/server-alone/server.mjs");
      return { passed: passed + alone.passed, version: version("vite") };
    },
  },
];
