import { bin, report } from "../harness.mjs";

export default {
  name: "Deno",
  run: (baseUrl) =>
    report(bin("deno"), "run", "--no-remote", "--allow-net=127.0.0.1", "deno/main.mjs", baseUrl),
};
