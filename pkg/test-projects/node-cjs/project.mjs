import { report } from "../harness.mjs";

export default { name: "Node, CommonJS", run: () => report("node", "node-cjs/main.cjs") };
