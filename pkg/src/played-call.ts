import { onAbort } from "./abort.js";
import type * as glue from "../wasm/trtc_call_wasm.js";
import type { MemberState } from "./call-timeline.js";
import type { CloudClient } from "./cloud-client.js";
import type { ErrorCode } from "./error-code.js";
import { guarded, type TrtcCallError } from "./errors.js";
import { type HttpRequest, readyRequest } from "./http-request.js";
import { type IngestDelivery, withIngestHandle } from "./ingest-webhook.js";
import type { Exchange, Sender } from "./sender.js";
import type { Stream } from "./stream-ingest.js";
import type { CallRecord, Open, Room, StartCall } from "./types.js";
import { type WebhookDelivery, withHandle } from "./webhook.js";

/** A call to play a stream into. Times are milliseconds. */
export interface PlayCall extends Omit<StartCall, "extra"> {
  /** The room of the call and of the stream. It must be named: both have to meet in it. */
  room: Room;
  /** What is played to whoever answers. */
  streamUrl: string;
  /** How it is played. Default: once, as it is. */
  stream?: Stream | undefined;
  /** How long the call may last, from the first answer on: 1 s to 7 days. Default: 1 hour. */
  maxDuration?: number | undefined;
  /**
   * How it learns what happens: by the webhooks that are handed to it, by asking the service, or both. Default: both.
   */
  watch?: "webhooks" | "polling" | "both" | undefined;
  /**
   * How often to ask while phones ring: 250 to 60000. Default 1000. In the call it is three times as long, and fifteen
   * times once webhooks arrive.
   */
  pollInterval?: number | undefined;
  /** Whether the call ends when the stream is over. Default: it does. */
  endWithMedia?: boolean | undefined;
  /** Whether the call ends when the stream cannot be played. Default: it does. */
  endWithoutMedia?: boolean | undefined;
  /** How often to try to start the stream, 1 to 10. Default 3. Only what certainly failed is tried again. */
  ingestAttempts?: number | undefined;
}

/** What goes along with playing a call. */
export interface PlayOptions {
  /**
   * Keeps the text, for `resumeCall`, each time in place of the last: before each request and after each reply. What
   * starts a call or a stream is not sent if this fails, or has not settled within 10 s; what ends one is. The text holds
   * no key and no token, but whom you call and what you play.
   */
  save?: ((text: string) => unknown) | undefined;
  /** Is told when `save` failed. Default: `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
  /** Ends call and stream when it is aborted, as `end` does. */
  signal?: AbortSignal | undefined;
}

/** What failed. */
export interface PlayFailure {
  /**
   * For programs: the code of an error, `interrupted` for what was under way when a process stopped, `no_call_id`, or
   * `ingest_failed` for what a webhook reports.
   */
  code: Open<ErrorCode | "interrupted" | "no_call_id" | "ingest_failed">;
  /** For people. */
  message: string;
}

/** Why it ended. */
export type EndReason = Open<
  /** The service refused the call. */
  | "not_started"
  /** Whether the phones rang never became known. */
  | "outcome_unknown"
  /** Nobody answered. */
  | "not_answered"
  /** It was answered, and everybody hung up or was lost, or somebody else ended the call. */
  | "hung_up"
  /** The stream is over. */
  | "media_ended"
  /** The stream could not be played. */
  | "media_failed"
  /** `maxDuration` has passed. */
  | "too_long"
  /** `end` was called, or the signal aborted. */
  | "requested"
>;

/** What became of everything. */
export interface PlayOutcome {
  /** Why it ended. */
  reason: EndReason;
  /** The call's name, if it ever became known. */
  callId: string | null;
  /** What the service recorded about the call; `null` if there was no call, or no record in time. */
  record: CallRecord | null;
  /** How far each user got who was rung or in the call, without the robot. */
  members: Record<string, MemberState>;
  /** The first thing that failed for good, if anything did. */
  failure: PlayFailure | null;
  /** The call could not be ended for certain: **it may still be up**. */
  callMayBeUp: boolean;
  /** The stream could not be stopped for certain: **a task may still run** in the room as the robot. */
  ingestMayRun: boolean;
  /** The stream's last task, if its name ever became known. */
  taskId: string | null;
}

/** Something that happened. */
export type PlayEvent =
  /** The phones ring. */
  | { event: "ringing"; callId: string }
  /** Whether the phones ring is unknown. The call is not started again; a webhook may yet name it. */
  | { event: "start_unknown"; failure: PlayFailure }
  /** The service did not ring this callee. */
  | { event: "not_rung"; userId: string; resultCode: number }
  /** A user got into another state: answered (`in_call`), refused, hung up, … */
  | { event: "member"; userId: string; state: MemberState }
  /** The stream plays into the room. */
  | { event: "playing"; taskId: string }
  /** The service lost the stream and pulls it again. */
  | { event: "ingest_restarting"; taskId: string }
  /** The stream could not be started, or broke off. */
  | { event: "ingest_failed"; failure: PlayFailure; willRetry: boolean }
  /** The stream is over. */
  | { event: "media_ended"; taskId: string }
  /** The call and the stream are being ended. */
  | { event: "ending"; reason: EndReason }
  /** It is over. The last event. */
  | { event: "ended"; outcome: PlayOutcome };

/** How far it has got. */
export type PlayPhase = Open<
  | "dialing"
  | "searching"
  | "ringing"
  | "answered"
  | "playing"
  | "talking"
  | "ending"
  | "awaiting_record"
  | "over"
>;

/**
 * A call that is rung, played into, hung up and cleaned up by itself, from `playCall`: its events for `for await`, and
 * a promise of its outcome. It goes on whether or not anybody listens; leaving the loop does not end it.
 */
export class PlayedCall implements AsyncIterator<PlayEvent, undefined>, AsyncIterable<PlayEvent> {
  /**
   * What became of everything. It rejects only if the call was suspended, with an `AbortError`, or the driver failed.
   */
  readonly outcome: Promise<PlayOutcome>;
  readonly #session: glue.CallSession;
  readonly #means: Means;
  readonly #save: PlayOptions["save"];
  readonly #onError: (error: unknown) => void;
  readonly #beganAt: number;
  readonly #began = performance.now();
  #lastSaved = "";
  /** Whether `save` was given a text that it still works on: no other, or the older one might come last. */
  #saveHangs = false;
  /** What has come in and was not handed to the session yet. */
  #inputs: (() => void)[] = [];
  #wake = () => {};
  #underWay = 0;
  #suspended: { resolve(text: string): void; text: Promise<string | null> } | undefined;
  #phase: PlayPhase;
  /** Told once what they follow from is saved. */
  #untold: PlayEvent[] = [];
  #events: PlayEvent[] = [];
  #listeners: ((result: IteratorResult<PlayEvent, undefined>) => void)[] = [];
  #isOver = false;

  /** @internal */
  constructor(session: glue.CallSession, means: Means, options: PlayOptions) {
    const { save, signal, onError = console.error } = options;
    this.#session = session;
    this.#means = means;
    this.#save = save;
    // What it throws must not leave a call without its driver.
    this.#onError = (error) => {
      try {
        onError(error);
      } catch (another) {
        console.error(another);
      }
    };
    this.#beganAt = means.sender.now() * 1000;
    this.#phase = session.phase();
    const end = () => this.end();
    const forget = onAbort(signal, end);
    if (signal?.aborted) end();
    // One that is gone on with after its end has nothing more to say by itself.
    const ended = session.outcome();
    if (ended !== undefined) this.#untold.push({ event: "ended", outcome: outcomeOf(ended) });
    this.outcome = this.#run().finally(() => {
      forget();
      this.#isOver = true;
      for (const listener of this.#listeners.splice(0)) listener({ done: true, value: undefined });
    });
    // Who waits for the events alone has not lost an error.
    this.outcome.catch(() => {});
  }

  /** How far it has got. */
  get phase(): PlayPhase {
    return this.#phase;
  }

  /** Ends the call and the stream. Wait for the `outcome`. */
  end(): void {
    this.#tell(() => this.#session.end(this.#now()));
  }

  /**
   * Passes on a delivery of `createWebhookHandler` or `createIngestWebhookHandler`. Those of other calls and tasks are
   * left out, so that every call may be shown all of them.
   *
   * @throws TypeError if it is none: an event alone, or `null` for a delivery that was refused.
   */
  webhook(delivery: Pick<WebhookDelivery, "event" | "body"> | IngestDelivery): void {
    requireDelivery(delivery);
    this.#tell(() => {
      const session = this.#session;
      if (isOfCall(delivery)) {
        withHandle(delivery, (handle) => session.handleCallWebhook(handle, this.#now()));
      } else {
        withIngestHandle(delivery, (handle) => session.handleIngestWebhook(handle, this.#now()));
      }
    });
  }

  /**
   * Stops here and leaves call and stream as they are, for another process to go on with the text (`resumeCall`).
   * Replies that are under way are waited for. Nobody looks after the call in between: go on soon.
   *
   * Resolves to `null` if it is over already. Whoever asks again gets the same text.
   */
  suspend(): Promise<string | null> {
    if (this.#suspended !== undefined) return this.#suspended.text;
    if (this.#isOver) return Promise.resolve(null);
    let resolve = (_text: string) => {};
    const stopped = new Promise<string>((done) => {
      resolve = done;
    });
    const text = Promise.race([stopped, this.outcome.then(() => null)]);
    this.#suspended = { resolve, text };
    this.#tell(() => {});
    return text;
  }

  /** What happened next. */
  next(): Promise<IteratorResult<PlayEvent, undefined>> {
    const value = this.#events.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => {
      this.#listeners.push(resolve);
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #run(): Promise<PlayOutcome> {
    for (;;) {
      for (const input of this.#inputs.splice(0)) this.#takeIn(input);
      await this.#act();
      const outcome = this.#session.outcome();
      if (outcome !== undefined) return outcomeOf(outcome);
      if (this.#suspended !== undefined && this.#underWay === 0 && this.#inputs.length === 0) {
        this.#suspended.resolve(this.#session.save());
        throw new DOMException("the call was suspended", "AbortError");
      }
      await this.#wait();
      this.#session.handleTime(this.#now());
    }
  }

  /** What cannot be taken in, such as a delivery that was changed, is told, and the call goes on. */
  #takeIn(input: () => void): void {
    try {
      input();
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Does what the session wants done. Once it is suspended, nothing more is sent. */
  async #act(): Promise<void> {
    while (this.#suspended === undefined) {
      const output = this.#session.poll();
      if (output === undefined) break;
      const { event, send } = output;
      if (event !== undefined) this.#untold.push(eventOf(event));
      else await this.#send(send);
    }
    // What could not be saved now will be before the next request.
    await this.#saveText().catch((error) => this.#onError(error));
    this.#phase = this.#session.phase();
    for (const event of this.#untold.splice(0)) {
      const listener = this.#listeners.shift();
      if (listener) listener({ done: false, value: event });
      else this.#events.push(event);
    }
  }

  /** Sends a request in the background, once the session is saved. */
  async #send(request: Sending): Promise<void> {
    const { id, isHarmless } = request;
    try {
      await this.#saveText();
    } catch (error) {
      this.#onError(error);
      if (!isHarmless) {
        const why = "not sent, since the session could not be saved";
        this.#session.lost(id, "connect_failed", why).free();
        this.#session.done(id, this.#now());
        return;
      }
    }
    this.#underWay += 1;
    const done = () => {
      this.#underWay -= 1;
      this.#session.done(id, this.#now());
    };
    this.#exchange(request).finally(() => this.#tell(done));
  }

  /** A call is sent again where it certainly did not ring; all else the session sends again by itself. */
  async #exchange(request: Sending): Promise<void> {
    const { id, name, isAction, isRetried } = request;
    const { sender, cloud, command } = this.#means;
    const session = this.#session;
    const reading: Pick<Exchange<void>, "read" | "lost"> = {
      read: ({ status, body, head }, sentAt) => session.read(id, status, body, head.date, sentAt),
      lost: (how, message) => session.lost(id, how, message),
    };
    try {
      if (!isAction) {
        const sending = command(name, (account) => session.buildCommand(id, account));
        const attempts = isRetried ? undefined : 1;
        await sender.send({ ...reading, ...sending }, undefined, attempts);
      } else {
        const build = (now: number) => this.#buildAction(request, now);
        await cloud.sendInTurn(name, { ...reading, build }, undefined, 1);
      }
    } catch (error) {
      // The session has noted what came back. What could not be built was not sent.
      const { kind, message } = Object(error) as Partial<TrtcCallError>;
      if (kind === undefined || kind === "build") {
        session.lost(id, "connect_failed", `not sent: ${message}`).free();
      }
    }
  }

  #buildAction({ id, robot, room }: Sending, now: number): HttpRequest {
    const { cloud, tokens } = this.#means;
    const made = robot === null || room === null ? undefined : tokens(robot, room, now);
    const { userSig = "", privateMapKey } = made ?? {};
    return guarded(() =>
      readyRequest(this.#session.buildAction(id, cloud.account, userSig, privateMapKey, now)),
    );
  }

  async #saveText(): Promise<void> {
    const save = this.#save;
    if (save === undefined) return;
    const text = this.#session.save();
    if (text === this.#lastSaved) return;
    if (this.#saveHangs) throw new Error("the last `save` has not settled yet");
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#saveHangs = true;
        reject(new Error(`\`save\` has not settled within ${SAVE_PATIENCE / 1000} s`));
      }, SAVE_PATIENCE);
    });
    const saving = async () => {
      await save(text);
      this.#lastSaved = text;
    };
    const settled = saving().finally(() => {
      clearTimeout(timer);
      this.#saveHangs = false;
    });
    await Promise.race([settled, late]);
  }

  /** Waits until something has come in, or the session has waited long enough. */
  #wait(): Promise<void> {
    const pause = (this.#session.nextWakeup() ?? Number.POSITIVE_INFINITY) - this.#now();
    return new Promise((resolve) => {
      if (this.#inputs.length > 0) return resolve();
      const timer = setTimeout(resolve, Math.min(Math.max(pause, 0), LONGEST_PAUSE));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tell(input: () => void): void {
    if (this.#isOver) return;
    this.#inputs.push(input);
    this.#wake();
  }

  /** Counted from the beginning, so that a clock that is set does not disturb it. In Unix milliseconds. */
  #now(): number {
    return Math.floor(this.#beganAt + performance.now() - this.#began);
  }
}

/**
 * What a played call is driven with.
 *
 * @internal
 */
export interface Means {
  sender: Sender;
  cloud: CloudClient;
  /** Sends the command of that name with the admin's UserSig. */
  command(
    name: string,
    build: (account: glue.Account) => HttpRequest,
  ): Pick<Exchange<void>, "name" | "turn" | "turnFrom" | "build" | "failed">;
  /** The robot's tokens. */
  tokens(
    user: string,
    room: Room,
    now: number,
  ): { userSig: string; privateMapKey: string | undefined };
}

/** A request as the core announces it. */
interface Sending {
  id: number;
  /** Of the command or action. */
  name: string;
  isAction: boolean;
  /** Whether it may be sent without the session having been saved. */
  isHarmless: boolean;
  /** Whether the retry policy applies. All else the session sends again by itself. */
  isRetried: boolean;
  robot: string | null;
  room: Room | null;
}

/** How long `save` may take, in milliseconds: what hangs must not keep a call up that is to be ended. */
const SAVE_PATIENCE = 10_000;

/** Where a session waits for nothing sooner. */
const LONGEST_PAUSE = 60_000;

function requireDelivery(given: unknown): void {
  const { event, body } = Object(given) as Partial<WebhookDelivery>;
  if (typeof event === "object" && event !== null && body !== undefined) return;
  throw new TypeError("this takes a whole delivery, `{ event, body }`: the second argument of a handler's listeners");
}

function isOfCall(
  delivery: Pick<WebhookDelivery, "event" | "body"> | IngestDelivery,
): delivery is Pick<WebhookDelivery, "event" | "body"> {
  return "command" in delivery.event;
}

/** The core lists members as pairs. */
type CoreOutcome = Omit<PlayOutcome, "members"> & { members: [string, MemberState][] };

function outcomeOf(outcome: CoreOutcome): PlayOutcome {
  return { ...outcome, members: Object.fromEntries(outcome.members) };
}

function eventOf(event: PlayEvent | { event: "ended"; outcome: CoreOutcome }): PlayEvent {
  if (event.event !== "ended") return event;
  return { event: "ended", outcome: outcomeOf(event.outcome as CoreOutcome) };
}
