import type { Effect } from "./errors.js";
import { core } from "./wasm.js";

/** What is known about one `ErrorCode` of the service. */
export interface ErrorCodeEntry {
  /** The code. */
  code: number;
  /** A stable string for programs; also the `code` of a `ServerError`. */
  name: string;
  /** What the service says with it. */
  meaning: string;
  /** What the caller can do. */
  whatToDo: string;
  /** What is known about the effect of a request that was answered so. */
  effect: Effect;
}

/**
 * Looks up an `ErrorCode` of the service, such as 70001.
 *
 * @returns `null` for a code that this package does not know.
 */
export function explainErrorCode(code: number): ErrorCodeEntry | null {
  return core().explainErrorCode(code);
}
