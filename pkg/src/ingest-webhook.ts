// Webhooks of stream ingest.
import type { IngestVerifier } from "../wasm/trtc_call_wasm.js";
import { fromFailure, InvalidRequestError } from "./errors.js";
import { bytesOf } from "./json-text.js";
import { requireTexts } from "./signer.js";
import type { Open } from "./types.js";
import { core } from "./wasm.js";
import {
  type RefusalListeners,
  type Refused,
  receiverOf,
  type WebhookHandler,
  type WebhookReason,
} from "./webhook-receiver.js";

/** What happened to a task. Times are Unix milliseconds. */
export interface IngestEvent {
  /**
   * The stream plays (`started`), could not be played (`failed`), broke and is pulled again (`restarting`), or the task
   * has ended (`stopped`).
   */
  kind: Open<"started" | "failed" | "restarting" | "stopped" | "unknown">;
  /** `EventGroupId`: 7 for stream ingest. */
  eventGroup: number;
  /** `EventType`: 701 start, 702 stop. */
  eventType: number;
  /** `Status`. */
  status: number | null;
  /** The task. `null` only where the kind is unknown. */
  taskId: string | null;
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

/** What became of a check. */
export interface IngestVerdict {
  /** Whether the delivery is what it should be. */
  valid: boolean;
  /** Why not, for programs. */
  reason: WebhookReason | null;
  /** Why not, in words that name the usual mistake. */
  message: string | null;
  /** The delivery, if it is valid. */
  delivery: IngestDelivery | null;
}

/** Whose webhooks are received. */
export interface IngestReceiver {
  /** The application's SDKAppID. */
  sdkAppId: number;
  /** The key that the console and your server share. Keep it on the server. */
  key: string;
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
    return using(receiver, (verifier) => {
      const verdict = verifier.verify(sign ?? undefined, sdkAppId ?? undefined, bytes);
      return published(JSON.parse(verdict), bytes);
    });
  },

  /** What a delivery's body tells. **It verifies nothing.** `valid` means readable. */
  parseUnverified(body: string | Uint8Array): IngestVerdict {
    const bytes = raw(body);
    return published(JSON.parse(core().parseIngestWebhookUnverified(bytes)), bytes);
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
    try {
      const sign = core().signTestIngestWebhook(sdkAppId, key, body);
      const headers = { "content-type": "application/json", sign, sdkappid: String(sdkAppId) };
      return new Request(url, { method: "POST", headers, body });
    } catch (failure) {
      throw fromFailure(failure);
    }
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
  const { sdkAppId, key } = options;
  const receiver = { sdkAppId, key };
  // Wrong settings are reported now, and not with the first delivery.
  using(receiver, () => {});
  return receiverOf(options, {
    // The signature covers the body.
    forged: () => undefined,
    read: ({ headers }, body) => {
      const verdict: CoreVerdict = using(receiver, (verifier) => {
        const sign = headers.get("sign") ?? undefined;
        return JSON.parse(verifier.verify(sign, headers.get("sdkappid") ?? undefined, body));
      });
      const { delivery } = published(verdict, body);
      return delivery === null ? verdict : () => options.onEvent?.(delivery.event, delivery);
    },
    acknowledgement: () => core().ingestWebhookAcknowledgement(),
  });
}

/** A verdict as the core gives it. */
interface CoreVerdict extends Refused {
  valid: boolean;
  event: IngestEvent | null;
}

function published({ valid, reason, message, event }: CoreVerdict, body: Uint8Array): IngestVerdict {
  const delivery = event && { event, body: new TextDecoder().decode(body) };
  return { valid, reason, message, delivery };
}

function using<T>(receiver: IngestReceiver, use: (verifier: IngestVerifier) => T): T {
  try {
    return use(verifierOf(receiver));
  } catch (failure) {
    throw fromFailure(failure);
  }
}

// As with signers, the last one is kept.
let last: { receiver: IngestReceiver; verifier: IngestVerifier } | undefined;

function verifierOf({ sdkAppId, key }: IngestReceiver): IngestVerifier {
  const kept = last?.receiver;
  if (last && kept?.key === key && kept.sdkAppId === sdkAppId) return last.verifier;
  requireTexts({ key });
  const verifier = new (core().IngestVerifier)(sdkAppId, key);
  last?.verifier.free();
  last = { receiver: { sdkAppId, key }, verifier };
  return verifier;
}

function raw(body: string | Uint8Array): Uint8Array {
  if (typeof body === "string" || body instanceof Uint8Array) return bytesOf(body);
  const rule = "must be the raw body, a string or bytes, and not a parsed one";
  throw InvalidRequestError.of([{ field: "body", rule, fix: "read it with request.text()" }]);
}
