const { readFileSync } = require("node:fs");
const { explainErrorCode, initialize } = require("trtc-call/slim");

initialize(new WebAssembly.Module(readFileSync(require.resolve("trtc-call/wasm/core.wasm"))));
// Whoever comes second changes nothing.
initialize(readFileSync(require.resolve("trtc-call/wasm/core.wasm")));
if (explainErrorCode(70001).name !== "user_sig_expired") throw new Error("the core does not answer");
console.log(JSON.stringify({ version: process.version, passed: 1 }));
