// Vercel's edge runtime does the same, when asked for by `?module`.
import module from "../../wasm/trtc_call_wasm_testing_bg.wasm?module";

export const loadSync = () => module;
export const loadAsync = undefined;
