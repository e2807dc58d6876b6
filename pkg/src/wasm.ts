import * as glue from "../wasm/trtc_call_wasm.js";
import { LazyModule, type Wasm } from "./lazy-module.js";

/**
 * The one instance of the core.
 *
 * @internal
 */
export const coreModule = new LazyModule(glue);

/**
 * The core's functions.
 *
 * @internal
 */
export function core(): typeof glue {
  return coreModule.use();
}

/**
 * Brings the core: the bytes of `trtc-call/wasm/core.wasm`, or the module that was compiled of them. Call it once,
 * before anything else.
 */
export function initialize(wasm: Wasm): void {
  coreModule.comesFrom(() => wasm);
  coreModule.use();
}
