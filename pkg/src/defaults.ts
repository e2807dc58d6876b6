// What a client does unless told otherwise, and within which limits. The figures are the core's.
import type { RetryPolicy } from "./retry.js";
import { core } from "./wasm.js";

/** Times are in milliseconds, but for UserSigs, where they are in seconds. */
interface Defaults {
  timeout: number;
  minTimeout: number;
  userSigLifetime: number;
  minUserSigLifetime: number;
  /** A UserSig is made anew when less than one in so many parts of its lifetime is left. */
  userSigReserveDivisor: number;
  /** One in so many of a second's requests may go out at once. */
  burstDivisor: number;
  maxReplyBytes: number;
  commandsPerSecond: number;
  actionsPerSecond: number;
  retryPolicy: Required<RetryPolicy>;
}

let known: Defaults | undefined;

export function defaults(): Defaults {
  known ??= core().clientDefaults() as Defaults;
  return known;
}
