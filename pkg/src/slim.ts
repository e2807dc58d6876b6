/**
 * All of `trtc-call`, but for the WebAssembly: {@link initialize} brings it.
 *
 * @packageDocumentation
 */
export * from "./index.js";
export type { Wasm } from "./lazy-module.js";
export { initialize } from "./wasm.js";
