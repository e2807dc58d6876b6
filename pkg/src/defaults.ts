// What a client does unless told otherwise, and within which limits. The figures are the core's.
import type { RetryPolicy } from "./retry.js";
import { core } from "./wasm.js";

/** Times are in milliseconds, but for UserSigs, where they are in seconds. */
interface Defaults {
  timeout: number;
  minTimeout: number;
  userSigLifetime: number;
  minUserSigLifetime: number;
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
