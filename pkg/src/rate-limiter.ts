import { defaults } from "./defaults.js";
import { InvalidRequestError, type Problem } from "./errors.js";
import { sleep } from "./sender.js";
import { ExchangeFailed } from "./transport.js";

/** How many requests go out, and how long one may wait its turn. */
export interface Pace {
  requestsPerSecond: number | null;
  maxWait?: number | undefined;
}

/**
 * What spaces out requests, if anything does: `null` sets no limit.
 *
 * @throws InvalidRequestError unless that is a whole number from 1, and the wait a number of milliseconds.
 */
export function limiterOf({ requestsPerSecond, maxWait = Number.POSITIVE_INFINITY }: Pace): RateLimiter | undefined {
  const problems: Problem[] = [];
  if (requestsPerSecond !== null && !(Number.isInteger(requestsPerSecond) && requestsPerSecond >= 1)) {
    const rule = `must be a whole number from 1, or null, not ${requestsPerSecond}`;
    const fix = "leave it out for the vendor's limit; null sets none";
    const parameters = { from: 1, found: requestsPerSecond };
    problems.push({ field: "requestsPerSecond", code: "out_of_range", parameters, rule, fix });
  }
  if (!(typeof maxWait === "number" && maxWait >= 0)) {
    const rule = `must be a number of milliseconds from 0, not ${maxWait}`;
    problems.push({ field: "maxWait", code: "out_of_range", parameters: { from: 0 }, rule, fix: "leave it out to wait as long as it takes" });
  }
  if (problems.length > 0) throw InvalidRequestError.of(problems);
  return requestsPerSecond === null ? undefined : new RateLimiter(requestsPerSecond, maxWait);
}

/** The requests of one command. */
interface Lane {
  /** When its next request would be due if they came evenly, in milliseconds. */
  due: number;
  /** Settles when the last of those who wait has gone out, or left. */
  last: Promise<unknown>;
  waiting: number;
}

/** Spaces out the requests of each command or action. First come, first served. */
export class RateLimiter {
  readonly #interval: number;
  readonly #burst: number;
  readonly #maxWait: number;
  readonly #lanes = new Map<string, Lane>();

  /**
   * At most `requests` in any second, for each command by itself. A burst and a second's refill may pass within one
   * second: a part of the requests is the burst, and the rest is the refill.
   */
  constructor(requests: number, maxWait: number) {
    const burst = Math.max(1, Math.floor(requests / defaults().burstDivisor));
    this.#interval = 1000 / Math.max(1, requests - burst);
    this.#burst = (burst - 1) * this.#interval;
    this.#maxWait = maxWait;
  }

  /** Resolves when the next request of that command may go out. One that would wait too long is refused at once. */
  async wait(command: string, signal: AbortSignal | undefined): Promise<void> {
    const lane = this.#lane(command);
    this.#check(this.#pause(lane) + lane.waiting * this.#interval);
    lane.waiting += 1;
    const turn = lane.last.then(() => this.#go(lane, signal));
    lane.last = turn.catch(() => {});
    await turn.finally(() => {
      lane.waiting -= 1;
    });
  }

  async #go(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    const pause = this.#pause(lane);
    // Sums of fractions are a little off.
    if (pause > 1e-6) await sleep(pause, signal);
    lane.due = Math.max(lane.due, performance.now()) + this.#interval;
  }

  #lane(command: string): Lane {
    let lane = this.#lanes.get(command);
    if (lane === undefined) {
      lane = { due: 0, last: Promise.resolve(), waiting: 0 };
      this.#lanes.set(command, lane);
    }
    return lane;
  }

  /** How long the first of those who wait has to wait, in milliseconds. */
  #pause({ due }: Lane): number {
    return Math.max(0, due - this.#burst - performance.now());
  }

  #check(wait: number): void {
    if (wait <= this.#maxWait) return;
    const message = `it would take ${Math.ceil(wait)} ms, and ${this.#maxWait} ms is the most`;
    throw new ExchangeFailed("rate_limit_wait", message);
  }
}
