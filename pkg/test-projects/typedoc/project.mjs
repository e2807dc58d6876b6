// The API reference, out of the types that are shipped: a warning, such as a type that is mentioned and not exported, is
// a failure.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run, version } from "../harness.mjs";

const folder = import.meta.dirname;
const entries = ["index", "node", "slim", "testing"];

export default {
  name: "TypeDoc",
  slow: true,
  folder,
  async run() {
    const files = entries.map((entry) => join(folder, `node_modules/trtc-call/dist/cjs/${entry}.d.ts`));
    const tables = ["commands", "actions", "Unlisted.Command"].flatMap((name) => ["--intentionallyNotExported", name]);
    // Links to sources would want a clone with a remote.
    const options = ["--treatWarningsAsErrors", "--disableSources", "--readme", "none", "--out", "out", ...tables];
    await run(process.execPath, [join(folder, "node_modules/typedoc/bin/typedoc"), ...options, ...files], { cwd: folder });
    const passed = ["classes/index.TrtcCall.html", "functions/node.toNodeHandler.html", "functions/testing.createEmulator.html"];
    for (const page of passed) if (!existsSync(join(folder, "out", page))) throw new Error(`no ${page}`);
    return { version: version("typedoc", folder), passed: passed.length };
  },
};
