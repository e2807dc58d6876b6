import { bin, run, version } from "../harness.mjs";

export default {
  name: "Vitest",
  async run() {
    const printed = await run(bin("vitest"), ["run", "--root", "vitest", "--reporter=json"]);
    return { version: version("vitest"), passed: JSON.parse(printed).numPassedTests };
  },
};
