// The one instance of the WebAssembly module, made when it is first needed: importing costs nothing.
import { loadAsync, loadSync } from "#load";
import init, * as glue from "../wasm/trtc_call_wasm.js";
import { NotReadyError } from "./errors.js";

let isReady = false;

/**
 * The core's functions.
 *
 * @internal
 */
export function core(): typeof glue {
  if (!isReady) {
    if (loadSync === undefined) throw new NotReadyError();
    glue.initSync({ module: loadSync() });
    isReady = true;
  }
  return glue;
}

/**
 * Resolves once the package can be used. Needed in browsers only, where a file cannot be read while the
 * program waits: there, everything else throws a {@link NotReadyError} before. Elsewhere it resolves at
 * once.
 */
export async function ready(): Promise<void> {
  if (isReady) return;
  if (loadAsync === undefined) {
    core();
  } else {
    await init({ module_or_path: loadAsync() });
    isReady = true;
  }
}
