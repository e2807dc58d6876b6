import { report } from "../harness.mjs";

export default {
  name: "trtc-call/slim, with the file's bytes and with a module",
  async run() {
    const { passed, version } = await report("node", "slim/main.mjs");
    const commonJs = await report("node", "slim/main.cjs");
    return { passed: passed + commonJs.passed, version };
  },
};
