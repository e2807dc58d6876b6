import { bin, report, run } from "../harness.mjs";

export default {
  name: "TypeScript",
  async run() {
    await run(bin("tsc"), ["-p", "typescript"]);
    const { passed } = await report("node", "typescript/out/main.cjs");
    const { version, ...esm } = await report("node", "typescript/out/main.mjs");
    const compiler = (await run(bin("tsc"), ["--version"])).trim();
    return { version: `${compiler}, ${version}`, passed: passed + esm.passed };
  },
};
