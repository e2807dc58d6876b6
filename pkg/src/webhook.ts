import type * as glue from "../wasm/trtc_call_wasm.js";
import { bytesOf } from "./body-bytes.js";
import { guarded, InvalidRequestError } from "./errors.js";
import { Kept } from "./kept.js";
import { requireTexts, unixSeconds } from "./signer.js";
import type { CallRecord, MediaType, Member, Open, Room, UntoldRoom } from "./types.js";
import { core } from "./wasm.js";
import { type RefusalListeners, type Refused, receiverOf, settingsOf, type Verdict, type WebhookHandler } from "./webhook-receiver.js";

/** What a webhook tells about. */
export type CallbackCommand = Open<
  "Call.CallbackAfterStartCall" | "Call.CallbackAfterMemberChanged" | "Call.CallbackAfterEndCall"
>;

/** What a member of a call did, in one spelling for all that are published. */
export type MemberAction = Open<
  "Answer" | "Reject" | "NotAnswer" | "Hangup" | "Join" | "Offline" | "Invite" | "Cancel_Invite"
>;

/** What all events have. */
interface AnyEvent {
  /** Fields that this package does not know, by path; integers that JavaScript would round as strings. */
  otherFields: Record<string, unknown>;
}

/** What events of calls have. */
interface CallEvent extends AnyEvent {
  /** The call. */
  callId: string;
  /** When it happened, in Unix milliseconds. */
  eventTime: number;
}

/** A call was started. */
export interface CallStarted extends CallEvent {
  command: "Call.CallbackAfterStartCall";
  /** Audio or video. */
  mediaType: MediaType;
  /** The Chat group the call belongs to, if any. */
  chatGroupId: string | null;
  /** The room, if it has one. */
  room: Room | UntoldRoom | null;
  /** Who is in the call or being rung. */
  members: Member[];
}

/** Members of a call did something. */
export interface MembersChanged extends CallEvent {
  command: "Call.CallbackAfterMemberChanged";
  /** Who is in the call or being rung now. */
  members: Member[];
  /** What changed. */
  changes: { userId: string; action: MemberAction }[];
}

/** A call ended. */
export interface CallEnded extends CallEvent {
  command: "Call.CallbackAfterEndCall";
  /** What became of it. */
  record: CallRecord;
}

/** A type without values: what has it is told from every word that is known. */
declare enum Unlisted {
  Command = "a command that this package does not know",
}

/**
 * A command that this package does not know, as it arrived. It is a string, of a type of its own so that
 * `event.command` tells events apart; compare it with a word of yours as `String(event.command)`.
 */
export type UnknownCommand = Unlisted.Command;

/** Something this package does not know. */
export interface UnknownEvent extends AnyEvent {
  command: UnknownCommand;
  callId: null;
  eventTime: null;
}

/** What a webhook tells. Its `command` tells which of them it is. */
export type WebhookEvent = CallStarted | MembersChanged | CallEnded | UnknownEvent;

/** A delivery: the event, and what the query says about where it came from. */
export interface WebhookDelivery<Event = WebhookEvent> {
  /** What happened. */
  event: Event;
  /** The application, where the query names one. */
  sdkAppId: number | null;
  /** Address of the client whose request caused the event. */
  clientIp: string | null;
  /** Where that request came from. */
  platform: Open<
    "RESTAPI" | "Web" | "Android" | "iOS" | "Windows" | "macOS" | "iPad" | "Unknown"
  > | null;
  /** When the delivery was signed, in Unix seconds, where it is. */
  requestTime: number | null;
  /** All other parameters of the query: those of your own URL, and new ones of the service. */
  otherParameters: Record<string, string>;
  /** The raw body. */
  body: string;
}

/** What became of a check: the delivery where it is `valid`, else why not. */
export type WebhookVerdict = Verdict<WebhookDelivery>;

/** Whose webhooks are received. */
export interface WebhookReceiver {
  /** The application's SDKAppID. */
  sdkAppId: number;
  /** The token that the console and your server share. Keep it on the server. `undefined` is a problem like any other. */
  token: string | undefined;
  /** How far a delivery's time may be from now, before and after, in seconds. Default: 300. */
  tolerance?: number | undefined;
}

/** A delivery as it arrived. */
export interface RawWebhook {
  /** The request's URL, or its query alone. */
  url: string;
  /** The raw body, not a parsed one. */
  body: string | Uint8Array;
}

/** Webhooks outside of a handler. */
export const Webhook = {
  /**
   * Whether a delivery comes from the service, and what it tells. `now` is in Unix seconds (default: the present).
   *
   * @throws InvalidRequestError when the receiver's own settings break rules.
   */
  verify(
    webhook: RawWebhook,
    receiver: WebhookReceiver & { now?: number | undefined },
  ): WebhookVerdict {
    const { now = unixSeconds(), sdkAppId, token, tolerance } = receiver;
    const { query, body } = raw(webhook);
    const verifier = verifiers.of({ sdkAppId, token, tolerance });
    const verified = guarded(() => verifier.verify(query, now));
    try {
      return published(verified.read(body), body);
    } finally {
      verified.free();
    }
  },

  /**
   * What a delivery tells. **It verifies nothing**: anybody can send a delivery that says anything. `valid` means
   * readable.
   */
  parseUnverified(webhook: RawWebhook): WebhookVerdict {
    const { query, body } = raw(webhook);
    return published(core().CallDelivery.parseUnverified(query, body), body);
  },

  /**
   * Makes a delivery as the service makes them, **for tests of your own receiver**: a request to send, or to hand to
   * a handler.
   *
   * @throws InvalidRequestError that lists all problems.
   */
  signForTest(options: {
    sdkAppId: number;
    token: string;
    /** Your receiver's URL. */
    url: string;
    /** The body: an object, or any text. */
    body: object | string;
    /** The command. Default: the body's. */
    command?: CallbackCommand | undefined;
    /** Where the event's cause came from. Default: RESTAPI. */
    platform?: string | undefined;
    /** When it is signed, in Unix seconds. Default: now. */
    now?: number | undefined;
  }): Request {
    const { sdkAppId, token, url, command, platform = "RESTAPI", now = unixSeconds() } = options;
    const text = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
    requireTexts({ token, url, body: text, platform });
    return guarded(() => {
      const given = { sdkAppId, token, body: text, command, platform, now };
      const { query, body } = core().signTestWebhook(given);
      const headers = { "content-type": "application/json" };
      return new Request(`${url}${url.includes("?") ? "&" : "?"}${query}`, {
        method: "POST",
        headers,
        body,
      });
    });
  },
};

/** What to do with a delivery. */
export type WebhookListener<Event> = (event: Event, delivery: WebhookDelivery<Event>) => unknown;

/** What to do with deliveries. What is left out is acknowledged and dropped. */
export interface WebhookListeners extends RefusalListeners {
  /** A call was started. */
  onStart?: WebhookListener<CallStarted> | undefined;
  /** Members of a call did something. */
  onMember?: WebhookListener<MembersChanged> | undefined;
  /** A call ended. */
  onEnd?: WebhookListener<CallEnded> | undefined;
  /** Something happened that this package does not know. */
  onUnknown?: WebhookListener<UnknownEvent> | undefined;
}

/**
 * Makes a handler of webhooks.
 *
 * It answers within the service's 2 s whatever the listeners do. With a `waitUntil` it acknowledges first and the
 * listeners run afterwards. Without one it waits for them for up to 1.5 s: a listener that fails by then is answered
 * with 500, so that the service delivers again; one that takes longer is acknowledged, and runs on where the runtime
 * lets it. What is forged is answered with 401 and reaches no listener.
 *
 * ```ts
 * const handler = createWebhookHandler({ sdkAppId, token, onEnd: ({ record }) => console.log(record.result) });
 * export default { fetch: (request, env, ctx) => handler(request, ctx) };
 * ```
 *
 * @throws InvalidRequestError that lists all problems with the settings.
 */
export function createWebhookHandler(
  options: WebhookReceiver & WebhookListeners & { now?: (() => number) | undefined },
): WebhookHandler {
  const { now = unixSeconds, onStart, onMember, onEnd, onUnknown, ...settings } = options;
  const receiver = settingsOf(settings, { onStart, onMember, onEnd, onUnknown }, { now });
  // Wrong settings are reported now, and not with the first delivery.
  verifiers.of(receiver);
  return handlerOf(options, (query) => guarded(() => verifiers.of(receiver).verify(query, now())));
}

/**
 * Makes a handler of webhooks **that takes deliveries whoever sent them**, as long as they are for the application:
 * for webhooks whose authentication is off in the console. Keep the URL secret, and confirm with `getCallInfo` or
 * `getRecord` what matters. Otherwise it is {@link createWebhookHandler}.
 */
export function createUnsignedWebhookHandler(
  options: Pick<WebhookReceiver, "sdkAppId"> & WebhookListeners,
): WebhookHandler {
  const { onStart, onMember, onEnd, onUnknown, ...settings } = options;
  const receiver = settingsOf(settings, { onStart, onMember, onEnd, onUnknown });
  const open = (query: string) => guarded(() => core().CallQuery.unsigned(receiver, query));
  open("").free();
  return handlerOf(options, open);
}

/** A verdict as the core gives it. */
type CoreVerdict = Verdict<Omit<WebhookDelivery, "body">> & Refused;

/** `verify` looks at the query: what is forged is refused before its body is read. */
function handlerOf(
  listeners: WebhookListeners,
  verify: (query: string) => glue.CallQuery,
): WebhookHandler {
  return receiverOf(listeners, {
    open: (request) => {
      const verified = verify(queryOf(request.url));
      const refusal: CoreVerdict | undefined = verified.refusal();
      if (refusal !== undefined) {
        verified.free();
        return refusal;
      }
      return (body) => {
        const read = verified.read(body);
        verified.free();
        const verdict: CoreVerdict = read.verdict();
        const { valid, delivery } = published(read, body, verdict);
        return valid ? () => dispatch(listeners, delivery) : verdict;
      };
    },
    acknowledgement: () => core().webhookAcknowledgement(),
  });
}

function dispatch(listeners: WebhookListeners, delivery: WebhookDelivery): unknown {
  const { event } = delivery;
  switch (event.command) {
    case "Call.CallbackAfterStartCall":
      return listeners.onStart?.(event, delivery as WebhookDelivery<CallStarted>);
    case "Call.CallbackAfterMemberChanged":
      return listeners.onMember?.(event, delivery as WebhookDelivery<MembersChanged>);
    case "Call.CallbackAfterEndCall":
      return listeners.onEnd?.(event, delivery as WebhookDelivery<CallEnded>);
    default:
      return listeners.onUnknown?.(event, delivery as WebhookDelivery<UnknownEvent>);
  }
}

const verifiers = new Kept(
  (receiver: WebhookReceiver) => new (core().WebhookVerifier)(receiver),
);

function raw({ url, body }: RawWebhook): { query: string; body: Uint8Array } {
  requireTexts({ url });
  if (typeof body === "string") return { query: queryOf(url), body: bytesOf(body) };
  if (body instanceof Uint8Array) return { query: queryOf(url), body };
  const rule = "must be the raw body, a string or bytes, and not a parsed one";
  throw InvalidRequestError.of([{ field: "body", code: "wrong_type", rule, fix: "read it with request.text()" }]);
}

/** What stands behind the `?` of a URL, or the text itself where it is the query alone. */
function queryOf(url: string): string {
  const [beforeFragment = ""] = url.split("#", 1);
  const index = beforeFragment.indexOf("?");
  if (index >= 0) return beforeFragment.slice(index + 1);
  return beforeFragment.includes("://") ? "" : beforeFragment;
}

/** What the core has read, with a handle of it for {@link withHandle}. */
function published(
  read: glue.CallDelivery,
  body: Uint8Array,
  verdict: CoreVerdict = read.verdict(),
): WebhookVerdict {
  const { valid, reason, message } = verdict;
  if (!valid) {
    read.free();
    return { valid, reason, message, delivery: null };
  }
  const delivery = { ...verdict.delivery, body: decoder.decode(body) };
  handles.set(delivery, read);
  return { valid, reason, message, delivery };
}

/** What the core knows of deliveries that it has read, so that nobody reads them again. */
const handles = new WeakMap<object, glue.CallDelivery>();

/**
 * Hands over what the core knows of a delivery. One that was copied or kept elsewhere is read again.
 *
 * @internal
 */
export function withHandle<T>(
  delivery: Pick<WebhookDelivery, "event" | "body">,
  use: (handle: glue.CallDelivery) => T,
): T {
  const known = handles.get(delivery);
  if (known !== undefined) return use(known);
  // Command names hold nothing that a query would have to escape.
  const query = `CallbackCommand=${delivery.event.command}`;
  const read = core().CallDelivery.parseUnverified(query, bytesOf(delivery.body));
  try {
    return use(read);
  } finally {
    read.free();
  }
}

const decoder = new TextDecoder();
