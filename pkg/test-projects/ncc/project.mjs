import { readdirSync } from "node:fs";
import { bin, bundles, run } from "../harness.mjs";

const write = (entry) => async (folder) => {
  await run(bin("ncc"), ["build", `ncc/${entry}`, "--quiet", "--out", folder]);
  return readdirSync(folder).find((name) => /^index\.[cm]?js$/.test(name));
};

export default {
  name: "ncc: import and require",
  run: () => bundles("@vercel/ncc", [write("main.mjs"), write("main.cjs")]),
};
