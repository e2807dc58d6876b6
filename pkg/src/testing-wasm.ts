// The emulator is the last part of the core.
import { sources } from "#load";
import { testing } from "#load-testing";
import type * as glue from "../wasm/trtc_call_wasm.js";
import { core, load, loadAll } from "./wasm.js";

const parts = [sources.main, sources.more, testing];

/**
 * The core's functions, those of the emulator among them.
 *
 * @internal
 */
export function emulation(): typeof glue {
  for (const part of parts) load(part);
  return core();
}

/** Resolves once {@link createEmulator} can be called. Needed in browsers only. */
export async function ready(): Promise<void> {
  await loadAll(parts);
}
