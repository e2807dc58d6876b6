import { run } from "../harness.mjs";

export default {
  name: "node:test",
  async run() {
    const printed = await run("node", ["--test", "--test-reporter=tap", "node-test/main.test.mjs"]);
    return { version: process.version, passed: Number(/^# pass (\d+)$/m.exec(printed)[1]) };
  },
};
