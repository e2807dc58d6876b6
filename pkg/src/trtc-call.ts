import type * as glue from "../wasm/trtc_call_wasm.js";
import type { CloudOptions, IngestRoomIdCoding } from "./cloud.js";
import { CloudClient } from "./cloud-client.js";
import { commands, OpenAccount, type Target, withNow } from "./commands.js";
import { defaults } from "./defaults.js";
import { guarded, InvalidRequestError, type Problem, ServerError } from "./errors.js";
import type { ExchangeReport } from "./exchange-report.js";
import { clockProblems, flagProblems, functionProblems, withoutFunctions } from "./given.js";
import { readyRequest } from "./http-request.js";
import type { Named } from "./named.js";
import { type Means, type PlayCall, PlayedCall, type PlayOptions } from "./played-call.js";
import { limiterOf, type RateLimiter } from "./rate-limiter.js";
import { type Page, RecordList } from "./record-list.js";
import type { RetryPolicy } from "./retry.js";
import { type DurableQueueStorage, type QueueMeans, RingQueue } from "./ring-queue.js";
import { Ringing, type RingOnceOptions, type RingOutcome } from "./ring-once.js";
import { runtimeFetch } from "./runtime-fetch.js";
import { type Exchange, Sender } from "./sender.js";
import { type Application, openSigner, requireTexts, unixSeconds } from "./signer.js";
import type {
  StartedStreamIngest,
  StartStreamIngest,
  StreamIngestStatus,
  UpdateStreamIngest,
} from "./stream-ingest.js";
import type {
  Acknowledged,
  CallbackConfiguration,
  CallInfo,
  CallRecordReply,
  EndedCall,
  FurtherFields,
  RecordFilter,
  Room,
  SetCallback,
  StartCall,
  StartedCall,
} from "./types.js";
import { UserSigCache } from "./user-sig-cache.js";
import { core } from "./wasm.js";

/** Configures a {@link TrtcCall}: with a `region`, or with a `baseUrl`. */
export type TrtcCallOptions = Application & TrtcCallSettings & Target;

/** What else a client can be told. */
export interface TrtcCallSettings {
  /** An App admin account: the only kind that may call the service. */
  admin: string;
  /** Accepts plain `http` for any host of a `baseUrl`. **Everyone on the way reads the UserSig.** */
  plainHttp?: boolean | undefined;
  /** Accepts names outside the UserID rule, as older applications have them. */
  allowAnyUserId?: boolean | undefined;
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
  /**
   * Is told of every request that was sent and of what became of it, for logs, metrics and traces: no secret is in it.
   * What it throws is printed, and changes nothing.
   */
  onExchange?: ((report: ExchangeReport) => void) | undefined;
  /** How often and how patiently to try what is safe to try again. Default: three attempts. */
  retryPolicy?: RetryPolicy | undefined;
  /**
   * The most requests per second of each command; more wait their turn. Default 200, the vendor's limit for an
   * application: lower it when several processes share one. `null` sets no limit.
   */
  requestsPerSecond?: number | null | undefined;
  /**
   * The longest that a request may wait its turn, in milliseconds. One that would wait longer fails at once with the
   * code `rate_limit_wait`, and is not sent. Default: no limit; whoever came first goes first.
   */
  maxWait?: number | undefined;
  /** Your own clock, in Unix seconds, for signing. Default: the system's. */
  clock?: (() => number) | undefined;
  /**
   * How long each of the admin's UserSigs is valid, in seconds: 60 or more, default 24 hours. It is reused until a
   * tenth of that is left, or the service refuses it.
   */
  userSigLifetime?: number | undefined;
  /**
   * Whether to turn to the region's backup host when no connection can be made to the other, so that certainly nothing
   * was sent. Default `true`; a `baseUrl` has no backup. Where the runtime does not tell, the host stays.
   */
  backupHost?: boolean | undefined;
  /** The cloud account, for stream ingest and rooms. */
  cloud?: CloudOptions | undefined;
  /** How the account codes the kinds of room for stream ingest. **A wrong one puts the robot into another room.** */
  ingestRoomIdCoding?: IngestRoomIdCoding | undefined;
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
  readonly #account: OpenAccount;
  readonly #sdkAppId: number;
  readonly #admin: string;
  readonly #userSigs: UserSigCache;
  readonly #signer: glue.Signer;
  readonly #userSigLifetime: number;
  readonly #sender: Sender;
  readonly #limiter: RateLimiter | undefined;
  readonly #cloud: CloudClient | undefined;
  readonly #allowAnyUserId: boolean;
  readonly #backupHost: boolean;

  /** @throws InvalidRequestError that lists all problems of the options. */
  constructor(options: TrtcCallOptions) {
    const { sdkAppId, secretKey, fetch, timeout, shortTimeout, retryPolicy, clock, onExchange, ...rest } =
      options;
    const usual = defaults();
    const { userSigLifetime = usual.userSigLifetime, cloud, ingestRoomIdCoding, ...others } = rest;
    const { requestsPerSecond = usual.commandsPerSecond, maxWait, backupHost = true, ...account } = others;
    const longest = shortTimeout ?? timeout ?? usual.timeout;
    const problems = [
      ...(shortTimeout === undefined
        ? timeoutProblems("timeout", longest, usual.minTimeout)
        : timeoutProblems("shortTimeout", longest, 1)),
      ...lifetimeProblems(userSigLifetime),
      ...functionProblems({ fetch, onExchange }),
      ...clockProblems({ clock }),
      ...flagProblems({ backupHost }),
    ];
    const { RetryPolicy } = core();
    const inPolicy = (field: string) => (field === "retryPolicy" ? field : `retryPolicy.${field}`);
    const policy = collect(problems, () => guarded(() => new RetryPolicy(retryPolicy ?? {})), inPolicy);
    this.#sender = new Sender({
      fetch: fetch ?? runtimeFetch(),
      timeout: longest,
      retryPolicy: policy ?? new RetryPolicy({}),
      clock: clock ?? unixSeconds,
      onExchange,
    });
    this.#limiter = collect(problems, () => limiterOf({ requestsPerSecond, maxWait }));
    const opened = collect(problems, () => new OpenAccount(withoutFunctions({ sdkAppId, ...account })));
    const signer = collect(problems, () => openSigner({ sdkAppId, secretKey }));
    const application = { sdkAppId, ingestRoomIdCoding };
    this.#cloud =
      cloud &&
      collect(
        problems,
        () => new CloudClient(cloud, application, this.#sender, account.allowAnyUserId ?? false),
        (field) => (field in application ? field : `cloud.${field}`),
      );
    if (opened === undefined || signer === undefined || problems.length > 0) {
      throw InvalidRequestError.of(withoutRepeats(problems));
    }
    this.#account = opened;
    this.#signer = signer;
    this.#sdkAppId = sdkAppId;
    this.#admin = options.admin;
    this.#allowAnyUserId = account.allowAnyUserId ?? false;
    this.#userSigs = new UserSigCache(signer, userSigLifetime);
    this.#userSigLifetime = userSigLifetime;
    this.#backupHost = backupHost;
  }

  /**
   * Rings the callees' phones on behalf of a robot account (https://trtc.io/document/74505).
   *
   * @throws OutcomeUnknownError when the phone may have rung: do not simply call this again. So does a reply without the
   * call's name, which the error's `cause` shows.
   */
  async startCall(call: StartCall, options?: { signal?: AbortSignal | undefined }): Promise<StartedCall> {
    const { readStartedCall } = core();
    const started = await this.#send(commands.startCallByRobot, call, signalOf(options), readStartedCall);
    return started as StartedCall;
  }

  /**
   * Rings once for that key, whoever asks, how often, and from how many processes: the first sends, and everybody is told
   * what became of it. A job that runs twice, a queue's message that comes again and a client that retries ring once.
   *
   * ```js
   * const ledger = postgresStore((sql, parameters) => pool.query(sql, parameters));
   * const { verdict, repeated, ring } = await trtc.ringOnce("order-4711", call, { ledger });
   * ```
   *
   * What surely had no effect is tried three times. What has begun goes on to its end.
   *
   * @throws InvalidRequestError that lists all problems of key and call; what the store throws, with nothing sent; and
   * `RingNotWrittenError`, which means that it was sent.
   */
  async ringOnce(key: string, call: StartCall, options: RingOnceOptions): Promise<RingOutcome> {
    return this.#withRing(key, call, options, (ringing) => ringing.outcome(signalOf(options)));
  }

  /**
   * Rings that wait in a Durable Object, and are rung by its alarm, each once:
   *
   * ```js
   * export class Rings extends DurableObject {
   *   #queue = trtc.ringQueue(this.ctx.storage);
   *   enqueue(key, call) { return this.#queue.enqueue(key, call); }
   *   alarm() { return this.#queue.alarm(); }
   * }
   * ```
   *
   * `rate` is the most rings in a second, default 190.
   */
  ringQueue(storage: DurableQueueStorage, { rate }: { rate?: number | undefined } = {}): RingQueue {
    const means: QueueMeans = {
      sdkAppId: this.#sdkAppId,
      ringOnce: (key, call, ledger) => this.ringOnce(key, call, { ledger, rate }),
      putIn: (key, call, ledger, notBefore) =>
        this.#withRing(key, call, { ledger, rate }, (ringing) => ringing.putIn(notBefore)),
    };
    return new RingQueue(means, storage);
  }

  async #withRing<T>(
    key: string,
    call: StartCall,
    { ledger, rate }: RingOnceOptions,
    act: (ringing: Ringing) => Promise<T>,
  ): Promise<T> {
    requireTexts({ key });
    const { RingOnce } = core();
    const owner = `js-${crypto.randomUUID()}`;
    const ring = guarded(() => new RingOnce(this.#sdkAppId, key, call, this.#allowAnyUserId, owner, rate));
    try {
      const send = (ring: glue.RingOnce) => this.#sendRing(ring);
      return await act(new Ringing(ring, ledger, this.#sdkAppId, key, send));
    } finally {
      ring.free();
    }
  }

  /** Tells who is in a call and who is being rung (https://trtc.io/document/68932). */
  getCallInfo(callId: string, options?: RequestOptions): Promise<CallInfo> {
    return this.#send(commands.getCallInfo, { callId, ...further(options) }, signalOf(options));
  }

  /**
   * Ends a call for all its members (https://trtc.io/document/74506). One that has ended already rejects with a
   * `ServerError` whose code is `call_not_found`.
   */
  endCall(callId: string, options?: RequestOptions): Promise<EndedCall> {
    return this.#send(commands.endCall, { callId, ...further(options) }, signalOf(options));
  }

  /**
   * Tells what became of a call (https://trtc.io/document/68930). The record is there about 5 s after the call's
   * end; before that, this rejects with a `ServerError` whose code is `record_not_found`.
   */
  getRecord(
    callId: string,
    options?: RequestOptions,
  ): Promise<CallRecordReply> {
    return this.#send(commands.getRecordByCallid, { callId, ...further(options) }, signalOf(options));
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
    const { RecordPages } = core();
    const pages = guarded(() => new RecordPages(withNow(filter, this.#sender.now())));
    const { name } = commands.getRecordByFilter;
    const signal = signalOf(options);
    const send = (page: glue.RecordPages) =>
      this.#sender.send<Page>(this.#exchange(name, page, signal), signal);
    return new RecordList(pages, send, signal);
  }

  /**
   * Sets where webhooks go, and which (https://trtc.io/document/68938). **It replaces the whole configuration.**
   */
  setCallback(
    callback: SetCallback,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Acknowledged> {
    return this.#send(commands.setCallback, callback, signalOf(options));
  }

  /** Tells where webhooks go, and which (https://trtc.io/document/68937); `null` when none are sent. */
  getCallback(options?: RequestOptions): Promise<CallbackConfiguration | null> {
    return ifConfigured(this.#send(commands.getCallback, further(options), signalOf(options)));
  }

  /**
   * Has no more webhooks sent (https://trtc.io/document/68939). Resolves to whether there was a configuration to
   * delete; after a reply that was lost on the way, an earlier attempt may have deleted it.
   */
  async deleteCallback(options?: RequestOptions): Promise<boolean> {
    const deleted = ifConfigured(this.#send(commands.deleteCallback, further(options), signalOf(options)));
    return (await deleted) !== null;
  }

  /**
   * Plays a stream into a room as a user, such as the robot of a call (https://trtc.io/document/57835). The user's
   * UserSig is made for it, and so is a PrivateMapKey where the client's options say so.
   *
   * **Each time it is sent**: one that may have started (`outcomeUnknown`) is never sent again. To play into a call and
   * stop when it ends, see {@link playCall}.
   */
  async startStreamIngest(
    stream: Omit<StartStreamIngest, "userSig"> & { userSig?: string | undefined },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<StartedStreamIngest> {
    const cloud = this.#cloudClient();
    const { user, room } = stream;
    const hasTokens = typeof user !== "string" || !isRoom(room) || stream.userSig !== undefined;
    const tokens = hasTokens ? { userSig: "" } : this.#robotTokens(user, room, this.#sender.now());
    return cloud.send("StartStreamIngest", { ...tokens, ...stream }, signalOf(options));
  }

  /** Changes what a task plays, and how (https://trtc.io/document/63238). */
  updateStreamIngest(
    change: UpdateStreamIngest,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<StreamIngestStatus> {
    return this.#act("UpdateStreamIngest", change, options);
  }

  /** Tells how a task is getting on (https://trtc.io/document/57836). */
  describeStreamIngest(
    taskId: string,
    options?: RequestOptions,
  ): Promise<StreamIngestStatus> {
    return this.#act("DescribeStreamIngest", { taskId, ...further(options) }, options);
  }

  /** Ends a task (https://trtc.io/document/57834); `null` when it had ended already. */
  stopStreamIngest(
    taskId: string,
    options?: RequestOptions,
  ): Promise<StreamIngestStatus | null> {
    return ifThere(this.#act("StopStreamIngest", { taskId, ...further(options) }, options));
  }

  /** A room: `123` is the numeric room, `"123"` the string room. Each kind has actions of its own. */
  room(room: Room): RoomClient {
    const suffix = typeof room === "string" ? "ByStrRoomId" : "";
    return {
      dismiss: async (options) =>
        (await ifThere(this.#act(`DismissRoom${suffix}`, { room, ...further(options) }, options))) !== null,
      remove: async (users, options) =>
        (await ifThere(this.#act(`RemoveUser${suffix}`, { room, users, ...further(options) }, options))) !== null,
    };
  }

  /**
   * Does the whole job of one call: rings, plays the stream when somebody answers, hangs up, stops the stream, and
   * fetches the record. The phones never ring twice, and the stream does not outlive the call.
   *
   * ```js
   * const call = trtc.playCall({ robot: "robot", callees: ["jack"], media: "audio", room: "call-4711", streamUrl });
   * for await (const { event } of call) console.log(event); // ringing, member, playing, media_ended, ending, ended
   * const { reason, record } = await call.outcome;
   * ```
   *
   * @throws InvalidRequestError that lists all problems.
   */
  playCall(call: PlayCall, options: PlayOptions = {}): PlayedCall {
    const { CallSession } = core();
    return this.#drive((now) => new CallSession(call, this.#allowAnyUserId, now), options);
  }

  /**
   * Goes on with a call that `save` or `suspend` handed out, in this process or another. No call and no stream is
   * started that may have been started already.
   *
   * @throws InvalidRequestError if the text is another one, or of another version of this package.
   */
  resumeCall(saved: string, options: PlayOptions = {}): PlayedCall {
    requireTexts({ saved });
    const { CallSession } = core();
    return this.#drive((now) => CallSession.resume(saved, now), options);
  }

  async #send<Request, Reply>(
    { name }: Named<Request, Reply>,
    request: Request,
    signal: AbortSignal | undefined,
    read?: (status: number, body: Uint8Array) => Reply,
  ): Promise<Reply> {
    const { CommandRequest } = core();
    const ready = guarded(() => new CommandRequest(name, request, this.#allowAnyUserId));
    const sending: Exchange<Reply> = {
      ...this.#exchange<Reply>(name, ready, signal),
      ...(read && { read: ({ status, body }) => read(status, body) }),
      unknown: (failure, sentAt, failedAt) => failure.outcomeUnknown(ready, sentAt, failedAt),
    };
    try {
      return await this.#sender.send(sending, signal);
    } finally {
      ready.free();
    }
  }

  /** Sends a ring, one attempt, at once: it has its turn from the ledger. */
  async #sendRing(ring: glue.RingOnce): Promise<void> {
    const ready = ring.request();
    if (ready === undefined) return ring.dropped();
    let isTold = false;
    const sending: Exchange<unknown> = {
      ...this.#exchange<unknown>(commands.startCallByRobot.name, ready, undefined),
      turn: async () => {},
      read: ({ status, body }) => {
        isTold = true;
        ring.heard(status, body);
        return ready.read(status, body);
      },
      lost: (how, message) => {
        isTold = true;
        ring.lost(how, message);
        return ready.lost(how, message);
      },
    };
    try {
      await this.#sender.send(sending, undefined, 1);
    } catch {
      // The ring has noted what failed; where it was not even built, nothing was sent.
      if (!isTold) ring.dropped();
    } finally {
      ready.free();
    }
  }

  /** How a request that is ready is sent with the admin's UserSig. */
  #exchange<Reply>(name: string, ready: Ready, signal: AbortSignal | undefined): Exchange<Reply> {
    return {
      name,
      turn: async () => this.#limiter?.wait(name, signal),
      build: (now) => readyRequest(ready.build(this.#accountAt(now))),
      read: ({ status, body }) => ready.read(status, body),
      lost: (how, message) => ready.lost(how, message),
      turnFrom: this.#turnFrom,
      failed: this.#forgetRefused,
    };
  }

  /** The account, with a UserSig that is valid for some time yet. */
  #accountAt(now: number): glue.Account {
    return this.#account.with(this.#userSigs.get(this.#admin, now));
  }

  readonly #turnFrom = (url: string) => this.#backupHost && this.#account.turnFrom(url);

  /** A UserSig that the service refused is not used again. */
  readonly #forgetRefused = (error: unknown) => {
    if (error instanceof ServerError && error.code.startsWith("user_sig_")) this.#userSigs.forget();
  };

  /** @throws InvalidRequestError when the client was made without a cloud account. */
  #cloudClient(): CloudClient {
    if (this.#cloud !== undefined) return this.#cloud;
    const rule = "must be given for stream ingest and rooms";
    const fix = "give the client an access key of the cloud account";
    throw InvalidRequestError.of([{ field: "cloud", code: "missing", rule, fix }]);
  }

  async #act<Reply>(
    action: string,
    request: object,
    options: { signal?: AbortSignal | undefined } | undefined,
  ): Promise<Reply> {
    return this.#cloudClient().send(action, request, signalOf(options));
  }

  /** What makes a robot a user of the room. */
  #robotTokens(user: string, room: Room, now: number) {
    const lifetime = this.#userSigLifetime;
    return guarded(() => {
      // Names and rooms are checked with what they are for.
      const userSig = this.#signer.sign(user, lifetime, now, true);
      const grant = { userId: user, room, privileges: ROBOT_PRIVILEGES, expire: lifetime, now };
      const privateMapKey = this.#cloud?.privateMapKeys
        ? this.#signer.signPrivateMapKey(grant, true)
        : undefined;
      return { userSig, privateMapKey };
    });
  }

  #drive(open: (now: number) => glue.CallSession, options: PlayOptions): PlayedCall {
    const cloud = this.#cloudClient();
    const sender = this.#sender;
    const session = guarded(() => open(sender.now() * 1000));
    const means: Means = {
      sender,
      cloud,
      command: (name, build) => ({
        name,
        turn: async () => this.#limiter?.wait(name, undefined),
        build: (now) => readyRequest(build(this.#accountAt(now))),
        turnFrom: this.#turnFrom,
        failed: this.#forgetRefused,
      }),
      tokens: (user, room, now) => this.#robotTokens(user, room, now),
    };
    return new PlayedCall(session, means, options);
  }
}

/** What a robot does in a room: it comes, and is heard and seen. It listens to nobody. */
const ROBOT_PRIVILEGES = ["create-room", "enter-room", "send-audio", "send-video"];

/** A request in the core that is ready to be sent: to a command, or for the next page of records. */
type Ready = Pick<glue.CommandRequest, "build" | "read" | "lost">;

/** How a request is sent whose method takes names alone. */
export interface RequestOptions extends FurtherFields {
  /** Cancels it. */
  signal?: AbortSignal | undefined;
}

/** @throws InvalidRequestError if the signal itself stands in its options' place, where nobody would hear of it. */
function signalOf(options: { signal?: AbortSignal | undefined } | undefined): AbortSignal | undefined {
  if (!(options instanceof AbortSignal)) return options?.signal;
  const rule = "must be an object that holds the signal, not the signal itself";
  throw InvalidRequestError.of([{ field: "options", code: "other", rule, fix: "write { signal }" }]);
}

/** The further fields of a request. */
function further(options: RequestOptions | undefined): FurtherFields {
  return options?.extra === undefined ? {} : { extra: options.extra };
}

/** A room, from `room`. */
export interface RoomClient {
  /** Removes everybody, which ends the room. Resolves to whether it was there. */
  dismiss(options?: RequestOptions): Promise<boolean>;
  /**
   * Removes users, 1 to 10. An ingest whose user is removed ends. Resolves to whether the room and the users were
   * there.
   */
  remove(users: readonly string[], options?: RequestOptions): Promise<boolean>;
}

/** Whether it can be a room; the core says what is wrong with it. */
function isRoom(room: unknown): room is Room {
  return typeof room === "string" || typeof room === "number";
}

/** "It is not there any more" is an answer, for who wants it gone. */
async function ifThere<Reply>(reply: Promise<Reply>): Promise<Reply | null> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ServerError && error.isGone) return null;
    throw error;
  }
}

/** "There is no callback configuration" is an answer, not a failure. */
async function ifConfigured<Reply>(reply: Promise<Reply>): Promise<Reply | null> {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ServerError && error.code === "callback_not_configured") return null;
    throw error;
  }
}

/** Setting a timer beyond this many milliseconds makes it fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;

function timeoutProblems(field: string, timeout: number, min: number): Problem[] {
  if (timeout >= min && timeout <= MAX_TIMEOUT) return [];
  const rule = `must be from ${min} to ${MAX_TIMEOUT} ms, not ${timeout}`;
  const parameters = { from: min, to: MAX_TIMEOUT, found: timeout, unit: "ms" };
  return [{ field, code: "out_of_range", parameters, rule, fix: "wait longer than the service's own 3 s, or use shortTimeout" }];
}

function lifetimeProblems(lifetime: number): Problem[] {
  const { minUserSigLifetime } = defaults();
  if (Number.isInteger(lifetime) && lifetime >= minUserSigLifetime) return [];
  const rule = `must be a whole number of seconds, at least ${minUserSigLifetime}, not ${lifetime}`;
  const parameters = { from: minUserSigLifetime, found: lifetime };
  const fix = "choose hours, so that the UserSig can be reused";
  return [{ field: "userSigLifetime", code: "out_of_range", parameters, rule, fix }];
}

/** Notes the problems that `make` reports, at the paths that `at` gives. */
function collect<T>(
  problems: Problem[],
  make: () => T,
  at = (field: string) => field,
): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    problems.push(...error.problems.map((problem) => ({ ...problem, field: at(problem.field) })));
    return undefined;
  }
}

/** The SDKAppID is checked with the account and with the key. */
function withoutRepeats(problems: Problem[]): Problem[] {
  return problems.filter(
    ({ field }, index) => problems.findIndex((problem) => problem.field === field) === index,
  );
}
