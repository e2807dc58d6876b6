import { report } from "../harness.mjs";

export default {
  name: "Bun",
  run: () => report("node_modules/@oven/bun-linux-x64/bin/bun", "run", "bun/main.mjs"),
};
