/**
 * The service, emulated in your own process: test your code without an account and without a server.
 *
 * @packageDocumentation
 */
import type * as glue from "../wasm/trtc_call_wasm_testing.js";
import { type WebhookReceiver, WebhookSender } from "./emulated-webhooks.js";
import { InvalidRequestError } from "./errors.js";
import { withoutFunctions } from "./given.js";
import { emulation } from "./testing-wasm.js";

export type { WebhookReceiver } from "./emulated-webhooks.js";

/** Configures an {@link Emulator}. */
export interface EmulatorOptions {
  /** The application. Requests for another one are refused. */
  sdkAppId: number;
  /** The application's key, against which UserSigs are verified. Any text will do. */
  secretKey: string;
  /** The accounts that may call the service. Default: `["administrator"]`. */
  admins?: readonly string[] | undefined;
  /** How many requests each command takes within any second. Default: 200. */
  requestsPerSecond?: number | undefined;
  /** Takes user names outside the UserID rule too, as older applications hold them. */
  allowAnyUserId?: boolean | undefined;
  /** The access key that may call the cloud API. Default: {@link testCredential}. */
  cloud?: { secretId: string; secretKey: string; token?: string | undefined } | undefined;
  /** How many requests each action of the cloud API takes within any second. Default: 20. */
  cloudRequestsPerSecond?: number | undefined;
  /**
   * What `RoomIdType` means to stream ingest. A client that takes it for the other puts the robot into another
   * room. Default: `"numeric-0"`.
   */
  ingestRoomIdCoding?: "numeric-0" | "numeric-1" | undefined;
  /** Whether an ingest needs a PrivateMapKey too. Default: no. */
  demandsPrivateMapKey?: boolean | undefined;
  /**
   * Takes the webhooks about calls, such as a handler of `createWebhookHandler`. All of them are configured from the
   * start, for `http://webhooks.example/calls`; `setCallback` and `deleteCallback` change that, as at the service.
   */
  webhooks?: WebhookReceiver | undefined;
  /** Signs webhooks about calls. Default: they are not signed, and are for `createUnsignedWebhookHandler`. */
  webhookToken?: string | undefined;
  /** Takes the webhooks about ingest tasks, such as a handler of `createIngestWebhookHandler`. */
  ingestWebhooks?: WebhookReceiver | undefined;
  /** Signs webhooks about ingest tasks. Default: they are not signed. */
  ingestWebhookKey?: string | undefined;
  /** Your own clock, in Unix milliseconds. Default: the system's. */
  clock?: (() => number) | undefined;
}

/** The access key that may call an emulator's cloud API unless another one is set. It opens nothing else. */
export const testCredential = {
  secretId: "AKIDEMULATOR",
  secretKey: "key-that-opens-nothing-but-the-emulator",
} as const;

/** What a simulated user does when the phone rings. Times are milliseconds of emulated time. */
export type Script =
  /** Answers, and then stays, hangs up or loses the connection. */
  | { script: "answer"; afterMs: number; hangUpAfterMs?: number; dropAfterMs?: number }
  /** Refuses the call. */
  | { script: "reject"; afterMs: number }
  /** Lets the phone ring; or is busy or offline, so that it does not ring. */
  | { script: "no_answer" | "busy" | "offline" };

/** What becomes of a stream that an ingest plays. Times are milliseconds of emulated time. */
export type StreamScript =
  /** It plays for so long; the service may lose it once and start again. */
  | { script: "plays"; durationMs: number; restartAfterMs?: number }
  /** It never ends. */
  | { script: "live"; restartAfterMs?: number }
  /** It cannot be played. */
  | { script: "fails" };

/** Something that goes wrong with the next requests. */
export type Fault = FaultKind & {
  /** With how many requests. Default 1. */
  requests?: number;
  /** The only command or action it concerns, such as `start_call_by_robot`, `StartStreamIngest`. Default: all. */
  command?: string;
  /** Whether the service does what the request asks for all the same: whether the phones ring. */
  takesEffect?: boolean;
  /** Further headers of the reply, such as `Location` and `Retry-After`; they win over the usual ones. */
  headers?: Record<string, string>;
};

/** What goes wrong. */
export type FaultKind =
  /** A gateway answers in the service's place. */
  | { fault: "http_status"; status: number }
  /** The reply comes so many milliseconds later, in real time. */
  | { fault: "delay"; ms: number }
  /** The connection is closed without a byte, or in the middle of the reply; or the reply is no JSON. */
  | { fault: "cut_before_reply" | "cut_mid_reply" | "malformed_json" }
  /**
   * The reply is JSON that the service does not document: `set` has other values, `remove` takes out. Places are JSON
   * pointers such as `/Response/CallRecordList/&#42;/RoomIdType`, in which `*` stands for every item of an array.
   */
  | { fault: "altered_reply"; set?: Record<string, unknown>; remove?: string[] }
  /** The service answers with this code. */
  | { fault: "error_code"; code: number }
  /** The cloud API answers with this code. */
  | { fault: "cloud_error"; code: string }
  /** The service answers that it is called too often. */
  | { fault: "rate_limit" };

/** A call, as the emulator sees it. Times are Unix milliseconds of emulated time. */
export interface EmulatedCall {
  /** Counts the calls of an emulator, from 1. */
  number: number;
  /** Its name. */
  callId: string;
  /** The caller. */
  robot: string;
  /** The users to ring, and how far each has got. */
  callees: { user: string; status: CalleeStatus; script: Script }[];
  /** Audio or video. */
  mediaType: "Audio" | "Video";
  /** The room, if the request named one: `type` is 1 for a numeric room and 2 for a string room. */
  room: { id: string; type: number } | null;
  /** Text for the callees' application. */
  userData: string | null;
  /** How long the phones ring. */
  ringTimeoutMs: number;
  /** When the phones began to ring. */
  startedAt: number;
  /** When the first callee answered. */
  answeredAt: number | null;
  /** When and how it ended. */
  end: { at: number; result: string } | null;
  /** Whether its record can be had. */
  hasRecord: boolean;
}

/** How far a callee has got in a call. */
export type CalleeStatus =
  | "ringing"
  | "in_call"
  | "rejected"
  | "not_answered"
  | "hung_up"
  | "dropped"
  | "busy"
  | "offline"
  | "cancelled"
  | "ended";

/** A task that plays a stream into a room, as the emulator sees it. */
export interface EmulatedIngest {
  /** Counts the tasks of an emulator, from 1. */
  number: number;
  /** Its name. */
  taskId: string;
  /** The robot. */
  user: string;
  /** The room that the robot enters: `type` is 1 for a numeric room and 2 for a string room. */
  room: { id: string; type: number };
  /** The call that was going on in that room when the task started. */
  callId: string | null;
  /** What is played. */
  streamUrl: string;
  /** What becomes of it. */
  script: StreamScript;
  /** How many rounds are played; -1 goes on for ever. */
  repeatNum: number;
  /** 100 is as it is. */
  volume: number;
  /** 100 is normal speed. */
  tempoPercent: number;
  /** Whether the robot keeps silent for now. */
  isPaused: boolean;
  /** Whether the room is told how far the media have got. */
  enableProgress: boolean;
  /** When the task started. */
  startedAt: number;
  /** When the robot entered the room and began to play. */
  playingSince: number | null;
  /** When and why it ended, such as `stopped`, `media_ended` or `idle`. */
  end: { at: number; reason: string } | null;
}

/** A room in which somebody is. */
export interface EmulatedRoom {
  /** A numeric room's digits, or a string room's name. */
  id: string;
  /** 1 numeric, 2 string. */
  type: number;
  /** Callees who answered the call, and robots that play by the task. */
  users: ({ user: string; callId: string } | { user: string; taskId: string })[];
}

/** A webhook, and what became of it. Times are Unix milliseconds of emulated time. */
export interface EmulatedDelivery {
  /** Counts the deliveries of an emulator, from 1. */
  id: number;
  /** `CallbackCommand`; about an ingest task, its `EventType`: `701` or `702`. */
  command: string;
  /** The call; empty about a task whose room is no call's. */
  callId: string;
  /** The task, about an ingest task. */
  taskId?: string;
  /** When it happened. */
  happenedAt: number;
  /** Where it goes to, without the service's own parameters. */
  url: string;
  /** `OptPlatform`; empty about an ingest task. */
  platform: string;
  /** The body, as an object. */
  body: Record<string, unknown>;
  /** The attempts that are over, oldest first; `status` is that of an answer other than 200. */
  attempts: {
    at: number;
    outcome: "acknowledged" | "refused" | "timed_out" | "not_reached";
    status?: number;
  }[];
  /** Whether there will be no more attempts. */
  isOver: boolean;
}

/** Something that happened in a call. */
export interface EmulatedEvent {
  /** Counts the events of an emulator, from 1. */
  id: number;
  /** When, in Unix milliseconds of emulated time. */
  at: number;
  /** The call; empty for an ingest into a room that is no call's. */
  callId: string;
  /** What happened, such as `ringing`, `answered`, `ended` or `record_ready`. */
  event: string;
  /** Who did it, where somebody did. */
  user?: string;
  /** The caller, when a call `started`. */
  robot?: string;
  /** How the call `ended`. */
  result?: string;
  /** The task, in events such as `ingest_started` and `ingest_ended`. */
  taskId?: string;
  /** Why an ingest ended. */
  reason?: string;
}

/**
 * The emulated service. Hand its `fetch` to a `TrtcCall`.
 *
 * Its clock is the system's plus every jump made with {@link Emulator.advance}. Everything goes by it: ringing,
 * records, the rate limit, and the expiry of UserSigs too.
 *
 * Users do what their names say, unless a script says otherwise: `reject-1`, `noanswer-1`, `busy-1`, `offline-1`,
 * `answer-800-hangup-2000`; anybody else answers after 1.5 s and hangs up 3 s later.
 */
export interface Emulator {
  /** Answers requests to any host. */
  readonly fetch: typeof globalThis.fetch;
  /** Sets what a user does, for calls that start from now on. */
  setScript(user: string, script: Script): void;
  /** Lets a user do again what the name says. */
  clearScript(user: string): void;
  /** Sets what becomes of a stream, for tasks that start from now on. */
  setStream(url: string, script: StreamScript): void;
  /** Lets every stream do again what its URL says: `/fails`, `/live`, `/plays-5000.mp3`; any other plays 30 s. */
  clearStreams(): void;
  /** Makes something go wrong with the next requests. */
  inject(fault: Fault): void;
  /** Forgets the faults that are still to come. */
  clearFaults(): void;
  /** How often a user's phone has rung. */
  rings(user: string): number;
  /** All calls, the oldest first. */
  calls(): EmulatedCall[];
  /** All ingest tasks, the oldest first. */
  ingests(): EmulatedIngest[];
  /** The rooms in which somebody is. */
  rooms(): EmulatedRoom[];
  /** What happened after the event of that id. */
  events(since?: number): EmulatedEvent[];
  /** The webhooks after the one of that id, oldest first; the latest 1000 are kept. */
  deliveries(since?: number): EmulatedDelivery[];
  /**
   * Resolves when all webhooks that are due by now have been answered or have failed. One that failed is due again
   * later: about a call after 1 s, three times in all; about an ingest task at once, and then every 10 s for a
   * minute. Do not wait for this inside a receiver: it waits for that.
   */
  settled(): Promise<void>;
  /**
   * Jumps so many milliseconds ahead; what is due in between happens at once, in order. Resolves as `settled` does,
   * for who waits for webhooks: with them, every attempt that falls due on the way is made, in order.
   */
  advance(milliseconds: number): Promise<void>;
  /** The emulated time, in Unix milliseconds. */
  now(): number;
}

/**
 * Makes an emulated service. Throws an `InvalidRequestError` that lists all problems of the options.
 *
 * ```ts
 * const emulator = createEmulator({ sdkAppId, secretKey });
 * const trtc = new TrtcCall({ sdkAppId, secretKey, admin: "administrator", region: "singapore", fetch: emulator.fetch });
 * ```
 */
export function createEmulator(options: EmulatorOptions): Emulator {
  const { clock = Date.now, webhooks, webhookToken, ingestWebhooks, ingestWebhookKey, ...config } = options;
  const emulator = open(config);
  const receivers = { calls: webhooks, streams: ingestWebhooks };
  const sender =
    (webhooks || ingestWebhooks) && new WebhookSender(emulator, receivers, clock);

  const handle = (
    method: string,
    pathAndQuery: string,
    body: Uint8Array,
    headers: [string, string][] = [],
  ): Answer => emulator.handle(method, pathAndQuery, headers, body, clock());
  const control = (method: string, path: string, body?: object, names: Record<string, string> = {}) => {
    const bytes = encoder.encode(body === undefined ? "" : JSON.stringify(body));
    const answer = handle(method, `/emulator/${path}`, bytes);
    const value = JSON.parse(decoder.decode(answer.body));
    if (answer.status === 200) return value;
    const { field, rule, fix } = value.error;
    throw new TypeError(`${names[field] ?? field}: ${rule}; ${fix}`);
  };
  const ofUser = (user: string) => `scripts/${encodeURIComponent(user)}`;
  const settled = async () => sender?.send();
  if (webhooks) {
    const configuration = { url: `${WEBHOOKS}/calls`, token: webhookToken };
    control("PUT", "webhooks", configuration, { token: "webhookToken" });
  }
  if (ingestWebhooks) {
    const configuration = { url: `${WEBHOOKS}/streams`, key: ingestWebhookKey };
    control("PUT", "ingest-webhooks", configuration, { key: "ingestWebhookKey" });
  }

  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      const { host, pathname, search } = new URL(request.url);
      // `fetch` sends it by itself, and does not show it.
      const headers: [string, string][] = [...request.headers, ["host", host]];
      const body = new Uint8Array(await request.arrayBuffer());
      request.signal.throwIfAborted();
      const answer = handle(request.method, pathname + search, body, headers);
      sender?.send();
      if (answer.delayMs > 0) await sleep(answer.delayMs, request.signal);
      return toResponse(answer);
    },
    setScript: (user, script) => control("PUT", ofUser(user), script),
    clearScript: (user) => control("DELETE", ofUser(user)),
    setStream: (url, script) => control("PUT", "streams", { url, ...script }),
    clearStreams: () => control("DELETE", "streams"),
    inject: (fault) => control("POST", "faults", fault),
    clearFaults: () => control("DELETE", "faults"),
    rings: (user) => control("GET", "rings")[user] ?? 0,
    calls: () => control("GET", "calls"),
    ingests: () => control("GET", "ingests"),
    rooms: () => control("GET", "rooms"),
    events: (since = 0) => control("GET", `events?since=${since}`),
    deliveries: (since = 0) => control("GET", `webhooks/deliveries?since=${since}`),
    settled,
    advance(ms) {
      control("POST", "time/advance", { ms });
      return settled();
    },
    now: () => control("GET", "state").now,
  };
}

/** Where webhooks seem to go. */
const WEBHOOKS = "http://webhooks.example";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @throws InvalidRequestError that lists all problems of the options. */
function open(config: object): glue.Emulator {
  const { Emulator } = emulation();
  try {
    return new Emulator(withoutFunctions(config));
  } catch (problems) {
    throw Array.isArray(problems) ? InvalidRequestError.of(problems) : problems;
  }
}

/** What the emulator answers. */
interface Answer {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer>;
  delayMs: number;
  cut?: "before_reply" | "mid_reply";
}

function toResponse({ status, headers: pairs, body, cut }: Answer): Response {
  if (cut === "before_reply") throw connectionClosed();
  const headers = new Headers();
  for (const [name, value] of pairs) headers.set(name, value);
  if (cut === undefined) {
    const hasNoBody = [204, 205, 304].includes(status);
    return new Response(hasNoBody ? null : body, { status, headers });
  }
  let isHalfSent = false;
  const half = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isHalfSent) {
        controller.error(connectionClosed());
      } else {
        controller.enqueue(body.subarray(0, body.length / 2));
        isHalfSent = true;
      }
    },
  });
  return new Response(half, { status, headers });
}

/** What `fetch` throws when the other side closes the connection. */
function connectionClosed(): TypeError {
  return new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
