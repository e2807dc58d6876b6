import { join } from "node:path";
import { run, version } from "../harness.mjs";

const folder = import.meta.dirname;

export default {
  name: "Jest: CommonJS, no configuration",
  folder,
  async run() {
    const printed = await run(join(folder, "node_modules/.bin/jest"), ["--json", "--silent"], { cwd: folder });
    return { version: version("jest", folder), passed: JSON.parse(printed).numPassedTests };
  },
};
