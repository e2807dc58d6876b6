// Browsers can only wait for a file: `await ready()` once.
export const loadSync = undefined;
export const loadAsync = () => fetch(new URL("../../wasm/trtc_call_wasm_testing_bg.wasm", import.meta.url));
