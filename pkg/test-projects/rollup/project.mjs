import { join } from "node:path";
import { bin, bundles, run } from "../harness.mjs";

const write = (plugin) => async (folder) => {
  await run(bin("rollup"), ["rollup/main.mjs", "--silent", "-p", plugin, "-f", "es", "-o", join(folder, "main.mjs")]);
  return "main.mjs";
};

export default {
  name: "rollup, with the condition `node` and without",
  run: () => bundles("rollup", [write("node-resolve"), write('node-resolve={exportConditions:["node"]}')]),
};
