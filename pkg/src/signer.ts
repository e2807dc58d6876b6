import type { Signer } from "../wasm/trtc_call_wasm.js";
import { fromFailure, InvalidRequestError } from "./errors.js";
import { core } from "./wasm.js";

/** What makes tokens of one application. */
export interface Application {
  /** The application's SDKAppID, as the console shows it. */
  sdkAppId: number;
  /** The application's secret key, as the console shows it. Keep it on the server. */
  secretKey: string;
}

/** For whom a token is and how long it is valid. */
export interface Validity {
  /** The user. 1 to 32 letters, digits, `_` and `-`. */
  userId: string;
  /** For how long the token is valid, in seconds. */
  expire: number;
  /** From when it is valid, in Unix seconds. Default: now. */
  now?: number | undefined;
  /** Accepts a name outside the UserID rule, as older applications have them. */
  allowAnyUserId?: boolean | undefined;
}

/**
 * Prepares a key for signing.
 *
 * @internal
 */
export function openSigner({ sdkAppId, secretKey }: Application): Signer {
  requireTexts({ secretKey });
  const { Signer } = core();
  try {
    return new Signer(sdkAppId, secretKey);
  } catch (failure) {
    throw fromFailure(failure);
  }
}

// Preparing a key costs as much as a signature, so the last one is kept.
let last: { application: Application; signer: Signer } | undefined;

/**
 * A signer of that application; the same one as long as the application is the same.
 *
 * @internal
 */
export function signerOf({ sdkAppId, secretKey }: Application): Signer {
  const kept = last?.application;
  if (last && kept?.secretKey === secretKey && kept.sdkAppId === sdkAppId) return last.signer;
  const signer = openSigner({ sdkAppId, secretKey });
  last?.signer.free();
  last = { application: { sdkAppId, secretKey }, signer };
  return signer;
}

/**
 * The present, in Unix seconds.
 *
 * @internal
 */
export function unixSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * Reports what is no string, which would else travel as text by accident.
 *
 * @internal
 */
export function requireTexts(given: Record<string, unknown>): void {
  const problems = Object.entries(given)
    .filter(([, value]) => typeof value !== "string")
    .map(([field, value]) => ({
      field,
      rule: `must be a string, not ${value === undefined ? "nothing" : `a ${typeof value}`}`,
      fix: "mend the value's type",
    }));
  if (problems.length > 0) throw InvalidRequestError.of(problems);
}
