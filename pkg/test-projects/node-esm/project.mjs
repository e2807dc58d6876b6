import { report } from "../harness.mjs";

export default { name: "Node, ES modules", run: () => report("node", "node-esm/main.mjs") };
