// Node, Deno and Bun read the module from the package's own folder.
import { readFileSync } from "node:fs";

export const loadSync = () => readFileSync(new URL("../../wasm/trtc_call_wasm_testing_bg.wasm", import.meta.url));
export const loadAsync = undefined;
