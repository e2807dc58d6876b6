// Ringing once for a key: reading, writing, sending and waiting, in the order that the core says.
import type * as glue from "../wasm/trtc_call_wasm.js";
import { guarded } from "./errors.js";
import type { RingStore, RingWrite } from "./ring-stores.js";
import { sleep } from "./sender.js";
import type { CalleeResult } from "./types.js";
import { core } from "./wasm.js";

/** What is known about a key. */
export type RingVerdict =
  /** The service has rung. */
  | "rung"
  /** The service has refused: no phone rang, and none will for this key. */
  | "refused"
  /** Whether a phone rang is unknown. It is not sent again. */
  | "unknown"
  /** Nothing was ever heard of it. It is not sent again. */
  | "presumed_not_rung"
  /** Somebody else is sending it: ask again. */
  | "in_progress"
  /** Surely nothing was sent: ask again. */
  | "not_sent"
  /** It was taken back before it was sent. */
  | "cancelled"
  /** The key stands for another call. Nothing was sent. */
  | "key_reused";

/** What came of {@link TrtcCall.ringOnce}. */
export interface RingOutcome {
  /** What is known. */
  verdict: RingVerdict;
  /** Whether it was known before: **this call has sent nothing**. */
  repeated: boolean;
  /** The ring as it stands in the ledger. */
  ring: Ring;
}

/** A ring as it stands in a ledger. Times are in milliseconds since 1970. */
export interface Ring {
  key: string;
  state: "queued" | "claimed" | "sending" | "rung" | "refused" | "unknown" | "presumed_not_rung" | "cancelled";
  /** The room: a number, or a string; its own where the call named none. */
  room: string | number;
  callId: string | null;
  /** What became of each callee, as the reply told. */
  callees: CalleeResult[];
  requestId: string | null;
  /** What failed last. */
  failure: { code: string; message: string } | null;
  /** By which way its outcome became known. */
  evidence: "reply" | "webhook" | "record" | "hand" | "silence" | null;
  sentAt: number | null;
  settledAt: number | null;
  /** The states it was in, the last 20. */
  history: { state: string; at: number }[];
}

/** Where and how to ring once. */
export interface RingOnceOptions {
  /** The ledger: `postgresStore`, `durableObjectStore`, `memoryStore`, or your own. */
  ledger: RingStore;
  /** The most rings in a second, over all who use the ledger: give everybody the same. Default 190. */
  rate?: number | undefined;
  /** Cancels it as long as nothing was sent: it rejects with the signal's reason. What was sent goes on to its end. */
  signal?: AbortSignal | undefined;
}

/** A call was sent, and what became of it could not be written. The ledger shows it as unknown until it is settled. */
export class RingNotWrittenError extends Error {
  override readonly name = "RingNotWrittenError";
  readonly code = "outcome_not_written";
  /** The key. */
  readonly key: string;
  /** What became of it: `rung`, `refused`, `unknown` or `nothing sent`. */
  readonly result: string;

  constructor(key: string, result: string, cause: unknown) {
    super(`the ring ${key} was sent, and what became of it (${result}) could not be written`, { cause });
    this.key = key;
    this.result = result;
  }
}

/** What the core says is next. */
interface Step {
  write: RingWrite | null;
  next: "known" | "wait" | "mark" | "send" | "again" | "done";
  at: number | null;
}

/** How long it waits for its turn, and for a store to take what became of a call, in milliseconds. */
const PATIENCE = 30_000;

/** How long writing took lately, for each store: slots are taken so far ahead. */
const leads = new WeakMap<RingStore, number>();

/**
 * Sends the request once, and tells the ring what came of it.
 *
 * @internal
 */
export type SendRing = (ring: glue.RingOnce) => Promise<void>;

/**
 * A key on its way.
 *
 * @internal
 */
export class Ringing {
  readonly #ring: glue.RingOnce;
  readonly #store: RingStore;
  readonly #sdkAppId: number;
  readonly #key: string;
  readonly #send: SendRing;

  constructor(ring: glue.RingOnce, store: RingStore, sdkAppId: number, key: string, send: SendRing) {
    this.#ring = ring;
    this.#store = store;
    this.#sdkAppId = sdkAppId;
    this.#key = key;
    this.#send = send;
  }

  /** Rings, or finds what is known. */
  async outcome(signal: AbortSignal | undefined): Promise<RingOutcome> {
    const ring = this.#ring;
    const began = Date.now();
    for (;;) {
      signal?.throwIfAborted();
      let step = await this.#step((loaded) => ring.take(loaded, leads.get(this.#store) ?? 0));
      if (step.next === "wait") {
        if (Date.now() - began > PATIENCE) {
          ring.giveUp();
          break;
        }
        await step.time();
        continue;
      }
      if (step.next === "mark") {
        await step.time();
        step = await this.#step((loaded) => ring.mark(loaded));
      }
      if (step.next === "known") break;
      if (step.next !== "send") continue;
      const late = await step.time();
      // Who wakes too late sends nothing: somebody else may have the slot.
      if (late > core().ringTolerance() || signal?.aborted) ring.dropped();
      else await this.#send(ring);
      const told = await this.#tell();
      if (told.next === "done") break;
      await told.time();
    }
    return guarded(() => ring.outcome()) as RingOutcome;
  }

  /** Leaves it to a queue, or finds what is known. */
  async putIn(notBefore: number): Promise<RingOutcome> {
    await this.#step((loaded) => this.#ring.queue(loaded, notBefore));
    return guarded(() => this.#ring.outcome()) as RingOutcome;
  }

  /** Writes what became of it, patiently: it was sent. */
  async #tell() {
    const began = Date.now();
    for (let pause = 50; ; pause = Math.min(pause * 2, 2000)) {
      try {
        return await this.#step((loaded) => this.#ring.tell(loaded));
      } catch (error) {
        if (Date.now() - began + pause > PATIENCE) {
          throw new RingNotWrittenError(this.#key, this.#ring.result(), error);
        }
        await sleep(pause, undefined);
      }
    }
  }

  /** Reads, has the core decide, and writes, until nobody else was faster. */
  async #step(decide: (loaded: string) => unknown) {
    for (;;) {
      const loaded = await loadedFrom(this.#store, this.#sdkAppId, this.#key);
      const readAt = performance.now();
      const { write, next, at } = guarded(() => decide(loaded)) as Step;
      if (write !== null && !(await this.#store.write(this.#sdkAppId, this.#key, write))) continue;
      this.#note(performance.now() - readAt);
      const { now } = JSON.parse(loaded) as { now: number };
      const due = readAt + (at ?? now) - now;
      /** Waits for the step's time, and tells how late it is. */
      const time = async () => {
        const early = due - performance.now();
        if (early > 0) await sleep(early, undefined);
        return performance.now() - due;
      };
      return { next, time };
    }
  }

  /** Follows what is slower at once, and what is faster by and by. */
  #note(took: number): void {
    const last = leads.get(this.#store) ?? 0;
    leads.set(this.#store, took > last ? Math.min(took, 1500) : last - (last - took) / 8);
  }
}

/**
 * What a store knows of a key.
 *
 * @throws TypeError if it is no text, as where a store of the user's own has parsed it.
 * @internal
 */
export async function loadedFrom(store: RingStore, sdkAppId: number, key: string): Promise<string> {
  const loaded: unknown = await store.load(sdkAppId, key);
  if (typeof loaded === "string") return loaded;
  throw new TypeError(`the store's load must resolve to JSON as text, not to a value of type ${typeof loaded}`);
}
