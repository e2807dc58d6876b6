// Rings that wait in a Durable Object, and are rung by its alarm. An alarm may come again, as a queue's message may: each
// ring goes by the ledger, so that it rings once.
import { guarded, InvalidRequestError } from "./errors.js";
import { MILLISECONDS_OF_1973 } from "./given.js";
import { loadedFrom, type Ring, type RingOutcome } from "./ring-once.js";
import { type DurableStorage, durableObjectStore, type RingStore } from "./ring-stores.js";
import type { StartCall } from "./types.js";
import { core } from "./wasm.js";

/** What is used of a Durable Object's `storage`, by a queue. */
export interface DurableQueueStorage extends DurableStorage {
  list<T>(options: { prefix: string; limit: number }): Promise<Map<string, T>>;
  delete(key: string): Promise<boolean>;
  setAlarm(time: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

/** When a ring that waits is rung. */
export interface EnqueueOptions {
  /** From when on, in milliseconds since 1970, as `Date.now()` tells them. Default: at once. */
  notBefore?: number | undefined;
}

/** A ring that waits. Its name sorts by its time. */
interface Waiting {
  key: string;
  call: StartCall;
  notBefore: number;
}

/** A Worker has six connections at a time: what waited for one would miss its slot. */
const AT_A_TIME = 6;

/** Of the 50 requests that a Worker may send at a time under the smallest of Cloudflare's plans. */
const AN_ALARM = 40;

/**
 * When it looks again at what somebody else is sending, or what the service did not take, and when an object that was lost
 * in the middle is woken, in milliseconds.
 */
const AGAIN = 5000;

/**
 * What rings, and what tells what is put in.
 *
 * @internal
 */
export interface QueueMeans {
  sdkAppId: number;
  ringOnce(key: string, call: StartCall, ledger: RingStore): Promise<RingOutcome>;
  putIn(key: string, call: StartCall, ledger: RingStore, notBefore: number): Promise<RingOutcome>;
}

/**
 * Rings that wait in a Durable Object, rung by its alarm, each once: {@link TrtcCall.ringQueue} makes it. **One object for
 * each application**: it is the ledger, and keeps the limit.
 */
export class RingQueue {
  readonly #means: QueueMeans;
  readonly #storage: DurableQueueStorage;
  readonly #ledger: RingStore;
  readonly #prefix: string;

  /** @internal */
  constructor(means: QueueMeans, storage: DurableQueueStorage) {
    this.#means = means;
    this.#storage = storage;
    this.#ledger = durableObjectStore(storage);
    this.#prefix = `queue:${means.sdkAppId}:`;
  }

  /**
   * Puts a ring in and has the alarm ring it, or tells what is known about its key: `repeated` says that nothing was put in.
   * Repeating it is safe.
   *
   * @throws InvalidRequestError that lists all problems of key and call, or says what is wrong with the time.
   */
  async enqueue(key: string, call: StartCall, { notBefore = 0 }: EnqueueOptions = {}): Promise<RingOutcome> {
    requireMilliseconds(notBefore);
    const due = Math.max(notBefore, Date.now());
    const queue = {
      ...this.#ledger,
      // What waits is written before the ledger says that it waits: a ring without it would wait for ever.
      write: async (...[sdkAppId, of, write]: Parameters<RingStore["write"]>) => {
        await this.#wait({ key, call, notBefore: due });
        return this.#ledger.write(sdkAppId, of, write);
      },
    };
    return this.#means.putIn(key, call, queue, due);
  }

  /** What is known about a key, or `null`. */
  async outcome(key: string): Promise<Ring | null> {
    const loaded = await loadedFrom(this.#ledger, this.#means.sdkAppId, key);
    return guarded(() => core().ringFound(loaded)) as Ring | null;
  }

  /** Rings what is due: what the object's own `alarm` calls. */
  async alarm(): Promise<void> {
    const now = Date.now();
    // Whatever becomes of this object, it is woken again: an alarm that fails is repeated only six times.
    await this.#storage.setAlarm(now + AGAIN);
    const waiting = await this.#storage.list<Waiting>({ prefix: this.#prefix, limit: AN_ALARM });
    const due = [...waiting].filter(([, { notBefore }]) => notBefore <= now);
    const caller = async () => {
      for (let next = due.shift(); next !== undefined; next = due.shift()) await this.#ring(...next);
    };
    const callers = await Promise.allSettled(Array.from({ length: AT_A_TIME }, caller));
    await this.#wakeForNext();
    for (const result of callers) if (result.status === "rejected") throw result.reason;
  }

  async #ring(name: string, waiting: Waiting): Promise<void> {
    const { verdict } = await this.#means.ringOnce(waiting.key, waiting.call, this.#ledger);
    // What is not known yet lets the others go first.
    if (verdict === "in_progress" || verdict === "not_sent") await this.#wait({ ...waiting, notBefore: Date.now() + AGAIN });
    await this.#storage.delete(name);
  }

  async #wait(waiting: Waiting): Promise<void> {
    const time = String(Math.trunc(waiting.notBefore)).padStart(15, "0");
    await this.#storage.put(`${this.#prefix}${time}:${waiting.key}`, waiting);
    await this.#wakeForNext();
  }

  async #wakeForNext(): Promise<void> {
    const first = await this.#storage.list<Waiting>({ prefix: this.#prefix, limit: 1 });
    const [next] = first.values();
    if (next === undefined) await this.#storage.deleteAlarm();
    else await this.#storage.setAlarm(next.notBefore);
  }
}

/** The latest that a `Date` can be. */
const LATEST = 8.64e15;

function requireMilliseconds(notBefore: unknown): void {
  const isTime = typeof notBefore === "number" && notBefore >= MILLISECONDS_OF_1973 && notBefore <= LATEST;
  if (notBefore === 0 || isTime) return;
  const shown = notBefore instanceof Date ? "a Date" : String(notBefore);
  const rule = `must be a time in milliseconds since 1970, not ${shown}`;
  const fix = "give Date.now() + milliseconds, or a Date's getTime(); seconds times 1000";
  const parameters = { from: MILLISECONDS_OF_1973, to: LATEST, found: shown, unit: "ms" };
  throw InvalidRequestError.of([{ field: "notBefore", code: "out_of_range", parameters, rule, fix }]);
}
