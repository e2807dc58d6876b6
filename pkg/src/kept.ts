import { guarded } from "./errors.js";

/**
 * Keeps the last handle that was made, for making one costs as much as using it. It is the same one as long as it is
 * asked for with the same properties.
 *
 * @internal
 */
export class Kept<Given extends object, Handle extends { free(): void }> {
  readonly #make: (given: Given) => Handle;
  #last: { given: Given; handle: Handle } | undefined;

  constructor(make: (given: Given) => Handle) {
    this.#make = make;
  }

  /** @throws InvalidRequestError that lists all problems. */
  of(given: Given): Handle {
    const last = this.#last;
    if (last !== undefined && isSame(given, last.given)) return last.handle;
    const handle = guarded(() => this.#make(given));
    last?.handle.free();
    this.#last = { given: { ...given }, handle };
    return handle;
  }
}

function isSame<Given extends object>(one: Given, other: Given): boolean {
  let others = Object.keys(other).length;
  for (const name in one) {
    if (one[name] !== other[name]) return false;
    others -= 1;
  }
  return others === 0;
}
