import type { Signer } from "../wasm/trtc_call_wasm.js";
import { guarded, InvalidRequestError } from "./errors.js";
import { Kept } from "./kept.js";
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
  return guarded(() => new Signer(sdkAppId, secretKey));
}

const signers = new Kept(openSigner);

/**
 * A signer of that application; the same one as long as the application is the same.
 *
 * @internal
 */
export function signerOf({ sdkAppId, secretKey }: Application): Signer {
  return signers.of({ sdkAppId, secretKey });
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
