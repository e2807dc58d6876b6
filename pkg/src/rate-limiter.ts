import { defaults } from "./defaults.js";
import { InvalidRequestError } from "./errors.js";
import { sleep } from "./sender.js";

/**
 * What spaces out requests, if anything does: `null` sets no limit.
 *
 * @throws InvalidRequestError unless it is a whole number from 1.
 */
export function limiterOf(requestsPerSecond: number | null): RateLimiter | undefined {
  if (requestsPerSecond === null) return undefined;
  if (Number.isInteger(requestsPerSecond) && requestsPerSecond >= 1) return new RateLimiter(requestsPerSecond);
  const rule = `must be a whole number from 1, or null, not ${requestsPerSecond}`;
  const fix = "leave it out for the vendor's limit; null sets none";
  throw InvalidRequestError.of([{ field: "requestsPerSecond", rule, fix }]);
}

/** Spaces out the requests of each command or action. */
export class RateLimiter {
  readonly #interval: number;
  readonly #burst: number;
  /** When each one's next request would be due if they came evenly, in milliseconds. */
  readonly #due = new Map<string, number>();

  /**
   * At most `requests` in any second, for each command by itself. A burst and a second's refill may pass within one
   * second: a part of the requests is the burst, and the rest is the refill.
   */
  constructor(requests: number) {
    const burst = Math.max(1, Math.floor(requests / defaults().burstDivisor));
    this.#interval = 1000 / Math.max(1, requests - burst);
    this.#burst = (burst - 1) * this.#interval;
  }

  /** Resolves when the next request of that command may go out. Those who wait keep their order. */
  async wait(command: string, signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const due = Math.max(this.#due.get(command) ?? 0, now);
    this.#due.set(command, due + this.#interval);
    const pause = due - this.#burst - now;
    // Sums of fractions are a little off.
    if (pause > 1e-6) await sleep(pause, signal);
  }
}
