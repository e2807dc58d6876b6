// Sending a request until it is answered, refused for good, or not safe to send again. The decision is the core's.
import type * as glue from "../wasm/trtc_call_wasm.js";
import { onAbort } from "./abort.js";
import { fromFailure, TransportError, TrtcCallError } from "./errors.js";
import { type ExchangeReport, reportOf } from "./exchange-report.js";
import type { HttpRequest } from "./http-request.js";
import { exchange, ExchangeFailed, type NoReply, type RawReply, type ReplyHead } from "./transport.js";
import { core } from "./wasm.js";

/** Something to send. Where the core fails, its own failure is thrown. */
export interface Exchange<Reply> {
  /** The command or the action. */
  name: string;
  /** Waits until an attempt may be made. */
  turn?(): Promise<void>;
  /** The request, made anew for each attempt. `now` is in Unix seconds. */
  build(now: number): HttpRequest;
  /** Turns to another host after none could be connected to at that URL; whether there is one. */
  turnFrom?(url: string): boolean;
  /** Reads the reply to a request that was made at `sentAt`. */
  read(reply: RawReply, sentAt: number): Reply;
  /** The failure of an attempt that got no reply. */
  lost(how: NoReply, message: string): glue.Failure;
  /** The failure of something whose outcome is unknown. */
  unknown?(failure: glue.Failure, sentAt: number, failedAt: number): glue.Failure;
  /** Is told of every error. */
  failed?(error: unknown): void;
}

/** What decides over sending. */
export interface SenderOptions {
  fetch: typeof globalThis.fetch;
  /** In milliseconds. */
  timeout: number;
  retryPolicy: glue.RetryPolicy;
  /** In Unix seconds. */
  clock: () => number;
  /** Is told of every request that was sent. */
  onExchange: ((report: ExchangeReport) => void) | undefined;
}

/** Sends what may be sent, as often as it may be. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** The present, in Unix seconds. */
  now(): number {
    return this.#options.clock();
  }

  /** Sends it, at most `maxAttempts` times if that is not what the policy says. */
  async send<Reply>(
    sending: Exchange<Reply>,
    signal: AbortSignal | undefined,
    maxAttempts?: number,
  ): Promise<Reply> {
    const { fetch, timeout, retryPolicy } = this.#options;
    const policy = maxAttempts === undefined ? retryPolicy : retryPolicy.withAttempts(maxAttempts);
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      await this.#turn(sending);
      let sentAt = this.now();
      let request: HttpRequest | undefined;
      let began = 0;
      let thrown: unknown;
      let reply: RawReply | undefined;
      const ask = async () => {
        // It may have been aborted meanwhile.
        signal?.throwIfAborted();
        sentAt = this.now();
        request = sending.build(sentAt);
        began = performance.now();
        return exchange(fetch, request, timeout, signal);
      };
      const tell = (error: unknown, willRetry: boolean) => {
        const known = error instanceof TrtcCallError ? error : null;
        if (request) this.#tell({ command: sending.name, attempt, request, began, reply, error: known, willRetry });
      };
      try {
        reply = await ask().catch((failure) => {
          // Nothing was sent, so that asking the other host is still the same attempt.
          if (!isUnconnected(failure) || !sending.turnFrom?.(request?.url ?? "")) throw failure;
          tell(unconnected(failure), true);
          return ask();
        });
        const read = sending.read(reply, sentAt);
        tell(null, false);
        return read;
      } catch (failure) {
        thrown = failure;
      }
      const { error, wait } = this.#judge(sending, thrown, reply?.head, attempt, policy, sentAt);
      tell(error, wait !== undefined);
      sending.failed?.(error);
      if (wait === undefined) {
        // Whoever cancelled what cannot have had an effect expects to see the reason.
        const mayHaveActed = error instanceof TrtcCallError && error.outcomeUnknown;
        if (isCancelled(thrown) && !mayHaveActed) signal?.throwIfAborted();
        throw error;
      }
      await sleep(wait, signal);
    }
  }

  /** Waits until an attempt may be made. One that would wait too long is not made, nor tried again. */
  async #turn(sending: Exchange<unknown>): Promise<void> {
    try {
      await sending.turn?.();
    } catch (thrown) {
      if (thrown instanceof ExchangeFailed) throw fromFailure(sending.lost(thrown.how, thrown.message));
      throw thrown;
    }
  }

  /** Whatever the listener does, what was sent stays sent. */
  #tell(exchanged: Parameters<typeof reportOf>[0]): void {
    const { onExchange } = this.#options;
    if (onExchange === undefined) return;
    try {
      onExchange(reportOf(exchanged));
    } catch (error) {
      console.error(error);
    }
  }

  /** What went wrong, and how long to wait before the next attempt if there is to be one. */
  #judge(
    sending: Exchange<unknown>,
    thrown: unknown,
    head: ReplyHead | undefined,
    attempt: number,
    policy: glue.RetryPolicy,
    sentAt: number,
  ): { error: unknown; wait?: number } {
    let failure = thrown;
    let cause: unknown;
    if (thrown instanceof ExchangeFailed) {
      failure = sending.lost(thrown.how, thrown.message);
      ({ cause } = thrown);
    }
    if (!(failure instanceof core().Failure)) return { error: failure };
    const { host = "", date, location, retryAfter } = head ?? {};
    failure.explain(date, location, retryAfter, host, sentAt, this.now());
    const { decision, after }: Decided = policy.decide(failure, attempt);
    if (decision === "retry") return { error: fromFailure(failure, cause), wait: after };
    if (decision === "outcome_unknown" && sending.unknown !== undefined) {
      failure = sending.unknown(failure, sentAt, this.now());
    }
    return { error: fromFailure(failure, cause) };
  }
}

/** The core's decision; `after` is in milliseconds. */
type Decided = { decision: "retry"; after: number } | { decision: "give_up" | "outcome_unknown"; after?: never };

function isCancelled(failure: unknown): boolean {
  return failure instanceof ExchangeFailed && failure.how === "cancelled";
}

function isUnconnected(failure: unknown): failure is ExchangeFailed {
  return failure instanceof ExchangeFailed && failure.how === "connect_failed";
}

/** What is told of it where it ends nothing, since another host is asked. */
function unconnected({ message, cause }: ExchangeFailed): TransportError {
  const facts = { kind: "transport", code: "connect_failed", effect: "none", retryable: true } as const;
  return new TransportError({ ...facts, message: `no connection was made: ${message}` }, cause);
}

/** Resolves after so many milliseconds; rejects with the signal's reason. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      forget();
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, milliseconds);
    const forget = onAbort(signal, cancel);
    if (signal?.aborted) cancel();
  });
}
