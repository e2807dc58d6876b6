import type { Signer } from "../wasm/trtc_call_wasm.js";
import { guarded, InvalidRequestError, type Problem } from "./errors.js";
import { Kept } from "./kept.js";
import { core } from "./wasm.js";

/** What makes tokens of one application. */
export interface Application {
  /** The application's SDKAppID, as the console shows it. */
  sdkAppId: number;
  /**
   * The application's secret key, as the console shows it. Keep it on the server. `undefined`, such as a variable of the
   * environment that is not set, is a problem like any other.
   */
  secretKey: string | undefined;
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
export function openSigner({ sdkAppId, secretKey: given }: Application): Signer {
  const { secretKey } = requireTexts({ secretKey: given });
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
 * What was given, once all of it is text. What is none would else travel as text by accident.
 *
 * @internal
 */
export function requireTexts<Name extends string>(given: Record<Name, unknown>): Record<Name, string> {
  const problems = Object.entries<unknown>(given)
    .filter(([, value]) => typeof value !== "string")
    .map(([field, value]): Problem =>
      value === undefined
        ? { field, code: "missing", rule: "must be given", fix: "add it; if the environment holds it, set the variable" }
        : {
            field,
            code: "wrong_type",
            parameters: { wanted: "a string", found: typeof value },
            rule: `must be a string, not a ${typeof value}`,
            fix: "mend the value's type",
          },
    );
  if (problems.length > 0) throw InvalidRequestError.of(problems);
  return given as Record<Name, string>;
}
