import { promisify } from "node:util";
import webpack from "webpack";
import { bundles } from "../harness.mjs";

const write = (mode, entry) => async (folder) => {
  const stats = await promisify(webpack)({
    mode,
    entry: `./webpack/${entry}`,
    target: "node",
    output: { path: folder, filename: "main.cjs" },
  });
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
  return "main.cjs";
};

export default {
  name: "webpack: import and require, production and development",
  run: () =>
    bundles("webpack", [write("production", "main.mjs"), write("development", "main.mjs"), write("production", "main.cjs")]),
};
