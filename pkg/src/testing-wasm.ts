// The one instance of the emulator's module, made when it is first needed.
import { loadAsync, loadSync } from "#load-testing";
import init, * as glue from "../wasm/trtc_call_wasm_testing.js";

let isReady = false;

/**
 * The emulator's functions.
 *
 * @internal
 */
export function emulation(): typeof glue {
  if (!isReady) {
    if (loadSync === undefined) {
      throw new Error("the emulator is not loaded yet: `await ready()` of trtc-call/testing first");
    }
    glue.initSync({ module: loadSync() });
    isReady = true;
  }
  return glue;
}

/** Resolves once {@link createEmulator} can be called. Needed in browsers only. */
export async function ready(): Promise<void> {
  if (isReady) return;
  if (loadAsync === undefined) {
    emulation();
  } else {
    await init({ module_or_path: loadAsync() });
    isReady = true;
  }
}
