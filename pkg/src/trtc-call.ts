import type * as glue from "../wasm/trtc_call_wasm.js";
import {
  type Account,
  buildRequest,
  type Command,
  commands,
  openAccount,
  randomNumber,
  readReply,
  toJson,
} from "./commands.js";
import { fromFailure, InvalidRequestError, type Problem, ServerError } from "./errors.js";
import { openPages, RecordList } from "./record-list.js";
import type { RetryPolicy } from "./retry.js";
import { runtimeFetch } from "./runtime-fetch.js";
import { type Application, openSigner, unixSeconds } from "./signer.js";
import { exchange, ExchangeFailed } from "./transport.js";
import type {
  Acknowledged,
  CallbackConfiguration,
  CallInfo,
  CallRecordReply,
  EndedCall,
  RecordFilter,
  SetCallback,
  StartCall,
  StartedCall,
} from "./types.js";
import { UserSigCache } from "./user-sig-cache.js";
import { core } from "./wasm.js";

/** How long an attempt may take unless told otherwise, in milliseconds. */
const DEFAULT_TIMEOUT = 10_000;

/** The service itself gives up after 3 s, and then says so: whoever waits less never hears it. */
const MIN_TIMEOUT = 4_000;

/** Long enough to be reused all day, short enough that a leaked one does not last. In seconds. */
const USER_SIG_LIFETIME = 24 * 60 * 60;

/** Configures a {@link TrtcCall}. */
export interface TrtcCallOptions extends Application, Omit<Account, "userSig" | "random"> {
  /**
   * Your own `fetch`. It must not repeat requests by itself: a repeat can ring a phone twice. Default: the
   * runtime's.
   */
  fetch?: typeof globalThis.fetch | undefined;
  /**
   * How long each attempt may take, reply included, in milliseconds: 4000 or more, default 10000. The service
   * itself times out after 3 s.
   */
  timeout?: number | undefined;
  /** A timeout below the 4 s that `timeout` insists on. More calls will end with their outcome unknown. */
  shortTimeout?: number | undefined;
  /** How often and how patiently to try what is safe to try again. Default: three attempts. */
  retryPolicy?: RetryPolicy | undefined;
  /** Your own clock, in Unix seconds, for signing. Default: the system's. */
  clock?: (() => number) | undefined;
  /**
   * How long each of the admin's UserSigs is valid, in seconds: 60 or more, default 24 hours. It is reused until a
   * tenth of that is left, or the service refuses it.
   */
  userSigLifetime?: number | undefined;
}

/**
 * Rings phones.
 *
 * What is safe to repeat is repeated as the retry policy says. **A call that may have rung is never sent again**: it
 * rejects with an `OutcomeUnknownError`.
 *
 * Every method takes a `signal` that cancels it. What is cancelled before it can have had an effect rejects with the
 * signal's reason, as `fetch` does.
 */
export class TrtcCall {
  readonly #account: glue.Account;
  readonly #admin: string;
  readonly #userSigs: UserSigCache;
  readonly #fetch: typeof globalThis.fetch;
  readonly #timeout: number;
  readonly #retryPolicy: Required<RetryPolicy>;
  readonly #clock: () => number;

  /** @throws InvalidRequestError that lists all problems of the options. */
  constructor(options: TrtcCallOptions) {
    const { sdkAppId, secretKey, fetch, timeout, shortTimeout, retryPolicy, clock, ...rest } =
      options;
    const { userSigLifetime = USER_SIG_LIFETIME, ...account } = rest;
    this.#timeout = shortTimeout ?? timeout ?? DEFAULT_TIMEOUT;
    const problems = [
      ...timeoutProblems(this.#timeout, shortTimeout === undefined ? MIN_TIMEOUT : 1),
      ...lifetimeProblems(userSigLifetime),
    ];
    const opened = collect(problems, () => openAccount(toJson({ sdkAppId, ...account })));
    const signer = collect(problems, () => openSigner({ sdkAppId, secretKey }));
    if (opened === undefined || signer === undefined || problems.length > 0) {
      throw InvalidRequestError.of(withoutRepeats(problems));
    }
    this.#account = opened;
    this.#admin = options.admin;
    this.#userSigs = new UserSigCache(signer, userSigLifetime);
    this.#fetch = fetch ?? runtimeFetch();
    this.#retryPolicy = { maxAttempts: 3, baseDelay: 200, maxDelay: 5000, ...retryPolicy };
    this.#clock = clock ?? unixSeconds;
  }

  /**
   * Rings the callees' phones on behalf of a robot account (https://trtc.io/document/74505).
   *
   * @throws OutcomeUnknownError when the phone may have rung: do not simply call this again.
   */
  startCall(call: StartCall, options?: { signal?: AbortSignal | undefined }): Promise<StartedCall> {
    return this.#send(commands.startCallByRobot, call, options?.signal);
  }

  /** Tells who is in a call and who is being rung (https://trtc.io/document/68932). */
  getCallInfo(callId: string, options?: { signal?: AbortSignal | undefined }): Promise<CallInfo> {
    return this.#send(commands.getCallInfo, { callId }, options?.signal);
  }

  /**
   * Ends a call for all its members (https://trtc.io/document/74506). One that has ended already rejects with a
   * `ServerError` whose code is `call_not_found`.
   */
  endCall(callId: string, options?: { signal?: AbortSignal | undefined }): Promise<EndedCall> {
    return this.#send(commands.endCall, { callId }, options?.signal);
  }

  /**
   * Tells what became of a call (https://trtc.io/document/68930). The record is there about 5 s after the call's
   * end; before that, this rejects with a `ServerError` whose code is `record_not_found`.
   */
  getRecord(
    callId: string,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<CallRecordReply> {
    return this.#send(commands.getRecordByCallid, { callId }, options?.signal);
  }

  /**
   * Lists the records that match a filter, asking for a page when it is needed (https://trtc.io/document/68931).
   *
   * ```js
   * for await (const record of client.listRecords({ result: "NotAnswer" })) console.log(record.members);
   * ```
   *
   * It ends where the service documents the end; no record at all is an empty list. A page that fails is tried
   * again as the retry policy says.
   *
   * @throws InvalidRequestError that lists all problems of the filter.
   */
  listRecords(
    filter: RecordFilter = {},
    options?: { signal?: AbortSignal | undefined },
  ): RecordList {
    const pages = openPages(toJson({ now: this.#clock(), ...filter }));
    return new RecordList(pages, (page) => this.#send(page, {}, options?.signal));
  }

  /**
   * Sets where webhooks go, and which (https://trtc.io/document/68938). **It replaces the whole configuration.**
   */
  setCallback(
    callback: SetCallback,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Acknowledged> {
    return this.#send(commands.setCallback, callback, options?.signal);
  }

  /** Tells where webhooks go, and which (https://trtc.io/document/68937); `null` when none are sent. */
  getCallback(options?: {
    signal?: AbortSignal | undefined;
  }): Promise<CallbackConfiguration | null> {
    return ifConfigured(this.#send(commands.getCallback, {}, options?.signal));
  }

  /**
   * Has no more webhooks sent (https://trtc.io/document/68939). Resolves to whether there was a configuration to
   * delete; after a reply that was lost on the way, an earlier attempt may have deleted it.
   */
  async deleteCallback(options?: { signal?: AbortSignal | undefined }): Promise<boolean> {
    const deleted = ifConfigured(this.#send(commands.deleteCallback, {}, options?.signal));
    return (await deleted) !== null;
  }

  async #send<Request, Reply>(
    command: Command<Request, Reply>,
    request: Request,
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    const json = toJson(request);
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      const sentAt = this.#clock();
      const userSig = this.#userSigs.get(this.#admin, sentAt);
      const http = buildRequest(command, this.#account, userSig, json);
      let failure: unknown;
      try {
        const { status, body } = await exchange(this.#fetch, http, this.#timeout, signal);
        return readReply(command, status, body);
      } catch (thrown) {
        failure = thrown;
      }
      const { error, wait } = this.#judge(command, failure, json, attempt, sentAt);
      if (error instanceof ServerError && error.code.startsWith("user_sig_")) this.#userSigs.forget();
      if (wait === undefined) {
        // Whoever cancelled what cannot have rung expects to see the reason.
        if (isCancelled(failure) && !command.ringsAgain) signal?.throwIfAborted();
        throw error;
      }
      await sleep(wait, signal);
    }
  }

  /** What went wrong, and how long to wait before the next attempt if there is to be one. */
  #judge(
    command: Command<unknown, unknown>,
    thrown: unknown,
    json: string,
    attempt: number,
    sentAt: number,
  ): { error: unknown; wait?: number } {
    let failure = thrown;
    if (thrown instanceof ExchangeFailed) {
      failure = core().transportFailure(command.ringsAgain, thrown.how, thrown.message);
    }
    if (!(failure instanceof core().Failure)) return { error: failure };
    const { maxAttempts, baseDelay, maxDelay } = this.#retryPolicy;
    const decision = failure.decide(attempt, randomNumber(), maxAttempts, baseDelay, maxDelay);
    if (decision >= 0) {
      return { error: fromFailure(failure), wait: decision };
    }
    if (decision === OUTCOME_UNKNOWN) {
      failure = failure.outcomeUnknown(this.#account, json, sentAt, this.#clock());
    }
    return { error: fromFailure(failure) };
  }
}

/** What the core's decision says beside times to wait. */
const OUTCOME_UNKNOWN = -2;

/** "There is no callback configuration" is an answer, not a failure. */
async function ifConfigured<Reply>(reply: Promise<Reply>): Promise<Reply | null> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ServerError && error.code === "callback_not_configured") return null;
    throw error;
  }
}

function isCancelled(failure: unknown): boolean {
  return failure instanceof ExchangeFailed && failure.how === "cancelled";
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", cancel);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
  });
}

/** Setting a timer beyond this many milliseconds makes it fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;

function timeoutProblems(timeout: number, min: number): Problem[] {
  if (timeout >= min && timeout <= MAX_TIMEOUT) return [];
  const field = min === MIN_TIMEOUT ? "timeout" : "shortTimeout";
  const rule = `must be from ${min} to ${MAX_TIMEOUT} ms, not ${timeout}`;
  return [{ field, rule, fix: "wait longer than the service's own 3 s, or use shortTimeout" }];
}

function lifetimeProblems(lifetime: number): Problem[] {
  if (Number.isInteger(lifetime) && lifetime >= 60) return [];
  const rule = `must be a whole number of seconds, at least 60, not ${lifetime}`;
  return [{ field: "userSigLifetime", rule, fix: "choose hours, so that the UserSig can be reused" }];
}

/** Notes the problems that `make` reports. */
function collect<T>(problems: Problem[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** The SDKAppID is checked with the account and with the key. */
function withoutRepeats(problems: Problem[]): Problem[] {
  return problems.filter(
    ({ field }, index) => problems.findIndex((problem) => problem.field === field) === index,
  );
}
