// Cloudflare's runtime compiles imported modules when the worker is deployed.
import module from "../../wasm/trtc_call_wasm_testing_bg.wasm";

export const loadSync = () => module;
export const loadAsync = undefined;
