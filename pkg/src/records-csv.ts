import { guarded } from "./errors.js";
import type { CallRecord } from "./types.js";
import { core } from "./wasm.js";

/**
 * Records as CSV (RFC 4180), a line of names first: the columns of `trtc-call record list --csv`. Times are in UTC,
 * callees are joined by `;`, and no cell runs as a formula in a spreadsheet. A program that takes a file without a byte
 * order mark for another encoding than UTF-8, as Excel does, wants `"\uFEFF"` written before it.
 *
 * @throws InvalidRequestError that lists all problems, if these are no records.
 */
export function recordsToCsv(records: readonly CallRecord[]): string {
  return guarded(() => core().recordsToCsv({ records }));
}
