import { guarded, PrivateMapKeyError } from "./errors.js";
import { type Application, requireTexts, signerOf, unixSeconds, type Validity } from "./signer.js";
import type { Room } from "./types.js";
import type { UserSigClaims } from "./user-sig.js";
import { core } from "./wasm.js";

/** A right in a room. */
export type Privilege =
  | "create-room"
  | "enter-room"
  | "send-audio"
  | "receive-audio"
  | "send-video"
  | "receive-video"
  | "send-substream"
  | "receive-substream";

/** Rights in one room, as a PrivateMapKey carries them. */
export interface Grant {
  /** Whose rights. */
  account: string;
  /** The application's SDKAppID. */
  sdkAppId: number;
  /** Where. */
  room: Room;
  /** The first second at which they no longer hold, in Unix seconds. */
  expiresAt: number;
  /** Which. A bit without a name, which only a token made elsewhere can hold, is its value, such as `0x100`. */
  privileges: (Privilege | (string & {}))[];
  /** 0. */
  accountType: number;
}

/** A UserSig that grants its user rights in one room. */
export const PrivateMapKey = {
  /**
   * Makes a PrivateMapKey. `room: 123` is the numeric room, `room: "123"` the string room.
   *
   * @throws InvalidRequestError that lists all problems.
   */
  sign(
    options: Application & Validity & { room: Room; privileges: readonly Privilege[] | "all" },
  ): string {
    const { userId, room, privileges, expire, now = unixSeconds() } = options;
    const signer = signerOf(options);
    const given = { userId, room, privileges, expire, now };
    return guarded(() => signer.signPrivateMapKey(given, options.allowAnyUserId ?? false));
  },

  /**
   * What a PrivateMapKey says. **It verifies nothing**: see `UserSig.verify`, for it is a UserSig too.
   *
   * @throws PrivateMapKeyError when it is none.
   */
  inspect(token: string): { claims: UserSigClaims; grant: Grant } {
    requireTexts({ token });
    const { reason, message, ...inspected } = core().inspectPrivateMapKey(token);
    if (reason !== undefined) {
      throw new PrivateMapKeyError({ kind: "private_map_key", code: reason, message });
    }
    return inspected;
  },
};
