// Webhooks of stream ingest.
import type * as glue from "../wasm/trtc_call_wasm.js";
import { bytesOf } from "./body-bytes.js";
import { guarded, InvalidRequestError } from "./errors.js";
import { Kept } from "./kept.js";
import { requireTexts } from "./signer.js";
import { core } from "./wasm.js";
import {
  type RefusalListeners,
  type Refused,
  receiverOf,
  settingsOf,
  type Verdict,
  type WebhookHandler,
  type WebhookReason,
} from "./webhook-receiver.js";

/** What happened, about which task. Its `kind` tells whether it is known. */
export type IngestEvent = IngestTaskEvent | UnknownIngestEvent;

/** Something happened to a task. */
export interface IngestTaskEvent extends AnyIngestEvent {
  /**
   * The stream plays (`started`), could not be played (`failed`), broke and is pulled again (`restarting`), or the task
   * has ended (`stopped`).
   */
  kind: "started" | "failed" | "restarting" | "stopped";
  /** The task. */
  taskId: string;
}

/** Something this package does not know: other events of the application may go to the same URL. */
export interface UnknownIngestEvent extends AnyIngestEvent {
  kind: "unknown";
  /** The task, if it is about one. */
  taskId: string | null;
}

/** What all events have. Times are Unix milliseconds. */
interface AnyIngestEvent {
  /** `EventGroupId`: 7 for stream ingest. */
  eventGroup: number;
  /** `EventType`: 701 start, 702 stop. */
  eventType: number;
  /** `Status`. */
  status: number | null;
  /** When it happened. */
  eventTime: number;
  /** When it was sent. */
  callbackTime: number | null;
  /** Fields that this package does not know, by path; integers that JavaScript would round as strings. */
  otherFields: Record<string, unknown>;
}

/** A delivery that was read. */
export interface IngestDelivery {
  /** What happened. */
  event: IngestEvent;
  /** The raw body. */
  body: string;
}

/** What became of a check: the delivery where it is `valid`, else why not. */
export type IngestVerdict = Verdict<IngestDelivery>;

/** Whose webhooks are received. */
export interface IngestReceiver {
  /** The application's SDKAppID. */
  sdkAppId: number;
  /** The key that the console and your server share. Keep it on the server. `undefined` is a problem like any other. */
  key: string | undefined;
}

/** A delivery as it arrived. */
export interface RawIngestWebhook {
  /** The header `Sign`. */
  sign: string | null | undefined;
  /** The header `SdkAppId`. */
  sdkAppId: string | null | undefined;
  /** The raw body, not a parsed one. */
  body: string | Uint8Array;
}

/** Webhooks of stream ingest outside of a handler. */
export const IngestWebhook = {
  /**
   * Whether a delivery comes from the service, and what it tells. **The signature holds no time**: whoever has seen a
   * delivery can send it again, at any time. Take an event for news only if its `eventTime` is.
   *
   * @throws InvalidRequestError when the receiver's own settings break rules.
   */
  verify({ sign, sdkAppId, body }: RawIngestWebhook, receiver: IngestReceiver): IngestVerdict {
    const bytes = raw(body);
    const { sdkAppId: application, key } = receiver;
    const verifier = verifiers.of({ sdkAppId: application, key });
    return published(verifier.verify(sign ?? undefined, sdkAppId ?? undefined, bytes), bytes);
  },

  /** What a delivery's body tells. **It verifies nothing.** `valid` means readable. */
  parseUnverified(body: string | Uint8Array): IngestVerdict {
    const bytes = raw(body);
    return published(core().IngestDelivery.parseUnverified(bytes), bytes);
  },

  /**
   * Events in the order in which they happened, each once, whatever the order and number of their deliveries. A stop
   * comes after what happened in the same millisecond.
   */
  inOrder(events: Iterable<IngestEvent>): IngestEvent[] {
    const keyOf = ({ eventTime, eventType, eventGroup, status, taskId }: IngestEvent) =>
      JSON.stringify([eventTime, eventType, eventGroup, status, taskId]);
    const ordered = [...events].sort(
      (one, other) =>
        one.eventTime - other.eventTime ||
        one.eventType - other.eventType ||
        (one.callbackTime ?? 0) - (other.callbackTime ?? 0),
    );
    // A repeated delivery differs in its time of sending; the first one stays.
    const seen = new Set<string>();
    return ordered.filter((event) => {
      const key = keyOf(event);
      return !seen.has(key) && seen.add(key);
    });
  },

  /**
   * Makes a delivery as the service makes them, **for tests of your own receiver**: a request to send, or to hand to a
   * handler.
   *
   * @throws InvalidRequestError that lists all problems.
   */
  signForTest(
    options: IngestReceiver & {
      /** Your receiver's URL. */
      url: string;
      /** The body: an object, or any text. */
      body: object | string;
    },
  ): Request {
    const { sdkAppId, key, url } = options;
    const body = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
    requireTexts({ key, url, body });
    return guarded(() => {
      const sign = core().signTestIngestWebhook({ sdkAppId, key, body });
      const headers = { "content-type": "application/json", sign, sdkappid: String(sdkAppId) };
      return new Request(url, { method: "POST", headers, body });
    });
  },
};

/** What to do with deliveries. */
export interface IngestListeners extends RefusalListeners {
  /** Something happened to a task. */
  onEvent?: ((event: IngestEvent, delivery: IngestDelivery) => unknown) | undefined;
}

/**
 * Makes a handler of the webhooks of stream ingest, whose URL and key are set in the console. It answers as that of
 * `createWebhookHandler` does. What is forged is answered with 401 and reaches no listener.
 *
 * ```ts
 * const handler = createIngestWebhookHandler({ sdkAppId, key, onEvent: (event, delivery) => call.webhook(delivery) });
 * export default { fetch: (request, env, ctx) => handler(request, ctx) };
 * ```
 *
 * @throws InvalidRequestError that lists all problems with the settings.
 */
export function createIngestWebhookHandler(
  options: IngestReceiver & IngestListeners,
): WebhookHandler {
  const { onEvent, ...settings } = options;
  const receiver = settingsOf(settings, { onEvent });
  // Wrong settings are reported now, and not with the first delivery.
  verifiers.of(receiver);
  return receiverOf(options, {
    // The signature covers the body.
    open:
      ({ headers }) =>
      (body) => {
        const sign = headers.get("sign") ?? undefined;
        const application = headers.get("sdkappid") ?? undefined;
        const read = verifiers.of(receiver).verify(sign, application, body);
        const verdict: CoreVerdict = read.verdict();
        const { valid, delivery } = published(read, body, verdict);
        return valid ? () => onEvent?.(delivery.event, delivery) : verdict;
      },
    acknowledgement: () => core().ingestWebhookAcknowledgement(),
  });
}

/** A verdict as the core gives it. */
type CoreVerdict = Refused &
  (
    | { valid: true; reason: null; message: null; event: IngestEvent }
    | { valid: false; reason: WebhookReason; message: string; event: null }
  );

/** What the core has read, with a handle of it for {@link withIngestHandle}. */
function published(
  read: glue.IngestDelivery,
  body: Uint8Array,
  verdict: CoreVerdict = read.verdict(),
): IngestVerdict {
  const { valid, reason, message, event } = verdict;
  if (!valid) {
    read.free();
    return { valid, reason, message, delivery: null };
  }
  const delivery = { event, body: new TextDecoder().decode(body) };
  handles.set(delivery, read);
  return { valid, reason, message, delivery };
}

/** What the core knows of deliveries that it has read, so that nobody reads them again. */
const handles = new WeakMap<object, glue.IngestDelivery>();

/**
 * Hands over what the core knows of a delivery. One that was copied or kept elsewhere is read again.
 *
 * @internal
 */
export function withIngestHandle<T>(
  delivery: IngestDelivery,
  use: (handle: glue.IngestDelivery) => T,
): T {
  const known = handles.get(delivery);
  if (known !== undefined) return use(known);
  const read = core().IngestDelivery.parseUnverified(bytesOf(delivery.body));
  try {
    return use(read);
  } finally {
    read.free();
  }
}

const verifiers = new Kept((receiver: IngestReceiver) => new (core().IngestVerifier)(receiver));

function raw(body: string | Uint8Array): Uint8Array {
  if (typeof body === "string" || body instanceof Uint8Array) return bytesOf(body);
  const rule = "must be the raw body, a string or bytes, and not a parsed one";
  throw InvalidRequestError.of([{ field: "body", code: "wrong_type", rule, fix: "read it with request.text()" }]);
}
