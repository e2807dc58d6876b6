import * as glue from "../wasm/trtc_call_wasm_testing.js";
import { LazyModule } from "./lazy-module.js";

/**
 * The one instance of the emulator's module.
 *
 * @internal
 */
export const emulatorModule = new LazyModule(glue);

/**
 * The emulator's functions.
 *
 * @internal
 */
export function emulation(): typeof glue {
  return emulatorModule.use();
}
