// The same for `require`.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const loadSync = () => readFileSync(join(__dirname, "../../wasm/trtc_call_wasm_testing_bg.wasm"));
export const loadAsync = undefined;
