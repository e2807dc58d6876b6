import type { Signer } from "../wasm/trtc_call_wasm.js";
import { defaults } from "./defaults.js";
import { guarded } from "./errors.js";

/** The admin's UserSig, made once and again before it expires. */
export class UserSigCache {
  readonly #signer: Signer;
  readonly #lifetime: number;
  #current: { userSig: string; madeAt: number } | undefined;

  /** `lifetime` is in seconds. */
  constructor(signer: Signer, lifetime: number) {
    this.#signer = signer;
    this.#lifetime = lifetime;
  }

  /** A UserSig with enough of its lifetime left. A clock that was set back makes a new one. */
  get(admin: string, now: number): string {
    const age = now - (this.#current?.madeAt ?? Number.POSITIVE_INFINITY);
    const reserve = Math.floor(this.#lifetime / defaults().userSigReserveDivisor);
    if (this.#current && age >= 0 && age < this.#lifetime - reserve) return this.#current.userSig;
    // The admin's name has passed its check when the account was opened.
    const userSig = guarded(() => this.#signer.sign(admin, this.#lifetime, now, true));
    this.#current = { userSig, madeAt: now };
    return userSig;
  }

  /** Makes the next request sign anew, after the service refused this one. */
  forget(): void {
    this.#current = undefined;
  }
}
