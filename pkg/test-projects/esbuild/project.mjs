import { join } from "node:path";
import { bin, bundles, run } from "../harness.mjs";

const write = (name, ...options) => async (folder) => {
  const outfile = `--outfile=${join(folder, name)}`;
  await run(bin("esbuild"), ["esbuild/main.mjs", "--bundle", "--platform=node", "--log-level=warning", outfile, ...options]);
  return name;
};

export default {
  name: "esbuild: CommonJS, ES modules, minified",
  run: () =>
    bundles("esbuild", [
      write("main.cjs"),
      write("main.mjs", "--format=esm"),
      write("main.min.cjs", "--minify"),
      write("main.min.mjs", "--minify", "--format=esm"),
    ]),
};
