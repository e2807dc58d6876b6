import { guarded, UserSigError } from "./errors.js";
import { type Application, requireTexts, signerOf, unixSeconds, type Validity } from "./signer.js";
import { core } from "./wasm.js";

/** What a UserSig says. */
export interface UserSigClaims {
  /** The version of UserSigs: 2.0. */
  version: string;
  /** The user. */
  identifier: string;
  /** The application's SDKAppID; a string of digits beyond 2^53, which no real one reaches. */
  sdkAppId: number | string;
  /** When it was made, in Unix seconds; a string of digits beyond 2^53. */
  time: number | string;
  /** For how long it is valid, in seconds; a string of digits beyond 2^53. */
  expire: number | string;
  /** The first second at which it is no longer valid; a string of digits beyond 2^53. */
  expiresAt: number | string;
  /** Bytes that came along, such as a PrivateMapKey's rights, in base64. */
  userBuffer: string | null;
}

/** Why a UserSig is refused, in the order of the checks. */
export type UserSigReason =
  | "empty"
  | "not_base64"
  | "not_zlib"
  | "too_large"
  | "trailing_bytes"
  | "not_json"
  | "missing_field"
  | "wrong_type"
  | "duplicate_field"
  | "unsupported_version"
  | "other_app"
  | "other_user"
  | "wrong_key"
  | "expired";

/** What became of a check: what the UserSig says where it is `valid`, else why not. */
export type UserSigVerdict =
  | {
      valid: true;
      reason: null;
      message: null;
      /** What it says. */
      claims: UserSigClaims;
    }
  | {
      valid: false;
      /** Why not, for programs. */
      reason: UserSigReason;
      /** Why not, in words with the details. */
      message: string;
      /** What it says, where it could be read. Unless it is expired, **nothing vouches for it**. */
      claims: UserSigClaims | null;
    };

/**
 * A user's password: a signed token that expires. Whoever holds it acts as that user.
 *
 * Make them on your server, and hand each user their own.
 */
export const UserSig = {
  /**
   * Makes a UserSig.
   *
   * @throws InvalidRequestError that lists all problems.
   */
  sign(
    options: Application &
      Validity & {
        /** Bytes for the token to carry, such as a PrivateMapKey's rights; an empty array is carried too. */
        userBuffer?: Uint8Array | undefined;
      },
  ): string {
    const { userId, userBuffer, expire, now = unixSeconds(), allowAnyUserId = false } = options;
    const signer = signerOf(options);
    if (typeof userId !== "string") requireTexts({ userId });
    return guarded(() =>
      userBuffer === undefined
        ? signer.sign(userId, expire, now, allowAnyUserId)
        : signer.signWithUserBuffer(userId, userBuffer, expire, now, allowAnyUserId),
    );
  },

  /**
   * What a UserSig says. **It verifies nothing**: anybody can make a token that says anything.
   *
   * @throws UserSigError when it cannot be read.
   */
  inspect(token: string): UserSigClaims {
    requireTexts({ token });
    const { valid, reason, message, claims } = core().inspectUserSig(token);
    if (!valid) throw new UserSigError({ kind: "user_sig", code: reason, message });
    return claims;
  },

  /**
   * Whether a UserSig is that user's, of this application and key, and valid at `now` (Unix seconds; default: the
   * present). Any identifier is accepted.
   */
  verify(
    token: string,
    options: Application & Pick<Validity, "userId" | "now">,
  ): UserSigVerdict {
    const { sdkAppId, now = unixSeconds() } = options;
    const { secretKey, userId } = requireTexts({ token, secretKey: options.secretKey, userId: options.userId });
    return guarded(() => core().verifyUserSig(token, sdkAppId, secretKey, userId, now));
  },
};
