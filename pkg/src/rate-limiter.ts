import { sleep } from "./sender.js";

/** Spaces out the requests of each action. */
export class RateLimiter {
  readonly #interval: number;
  readonly #burst: number;
  /** When each action's next request would be due if they came evenly, in milliseconds. */
  readonly #due = new Map<string, number>();

  /**
   * At most `requests` in any second, for each action by itself. A burst and a second's refill may pass within one
   * second: a tenth of the requests is the burst, and the rest is the refill.
   */
  constructor(requests: number) {
    const burst = Math.max(1, Math.floor(requests / 10));
    this.#interval = 1000 / Math.max(1, requests - burst);
    this.#burst = (burst - 1) * this.#interval;
  }

  /** Resolves when the next request to that action may go out. Those who wait keep their order. */
  async wait(action: string, signal: AbortSignal | undefined): Promise<void> {
    const now = performance.now();
    const due = Math.max(this.#due.get(action) ?? 0, now);
    this.#due.set(action, due + this.#interval);
    const pause = due - this.#burst - now;
    if (pause > 0) await sleep(pause, signal);
  }
}
