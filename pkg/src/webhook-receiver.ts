// What receivers of webhooks have in common: in time for the service, whatever the listeners do.
import { InvalidRequestError } from "./errors.js";
import { clockProblems, functionProblems, withoutFunctions } from "./given.js";

/** Why a delivery is refused, in the order of the checks. */
export type WebhookReason =
  | "bad_query"
  | "duplicate_parameter"
  | "other_app"
  | "missing_signature"
  | "wrong_signature"
  | "too_old"
  | "too_early"
  | "body_too_large"
  | "body_too_deep"
  | "body_not_json"
  | "command"
  | "missing_field"
  | "wrong_type"
  | "duplicate_field";

/** What became of a check: the delivery where it is `valid`, else why not. */
export type Verdict<Delivery> =
  | {
      valid: true;
      reason: null;
      message: null;
      /** What was delivered. */
      delivery: Delivery;
    }
  | {
      valid: false;
      /** Why not, for programs. */
      reason: WebhookReason;
      /** Why not, in words that name the usual mistake. */
      message: string;
      delivery: null;
    };

/** What to do when something goes wrong. */
export interface RefusalListeners {
  /** A delivery was refused; nothing of it is to be believed. */
  onRefused?: ((refusal: { reason: WebhookReason; message: string }) => unknown) | undefined;
  /** One of the other functions failed. Default: `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
}

/**
 * Answers a request. `context` is the runtime's, where it has one: Cloudflare's `ctx`, Vercel's `context`, and what
 * Next.js hands to a route. Its `waitUntil` is used, if it has one.
 */
export type WebhookHandler = (request: Request, context?: WaitUntil | object | undefined) => Promise<Response>;

/** Where a runtime lets work go on after the answer. */
export interface WaitUntil {
  waitUntil?(promise: Promise<unknown>): void;
}

/**
 * Why a delivery is refused, and with what answer.
 *
 * @internal
 */
export interface Refused {
  reason: WebhookReason | null;
  message: string | null;
  refusal: { status: number; body: string } | null;
}

/** How a kind of webhook is read. */
interface Reading {
  /** Why a request is refused whose body has not been read, or how its body is: what to do, or why it is refused. */
  open(request: Request): Refused | ((body: Uint8Array) => Refused | (() => unknown));
  /** The body of the answer to what has arrived. */
  acknowledgement(): string;
}

/**
 * The settings that the core reads, without the listeners, which are checked here.
 *
 * @throws InvalidRequestError if a listener is no function, or the clock no clock.
 * @internal
 */
export function settingsOf<Settings extends RefusalListeners>(
  { onRefused, onError, ...settings }: Settings,
  listeners: Record<string, unknown>,
  clock: Record<string, () => number> = {},
): Omit<Settings, keyof RefusalListeners> {
  const problems = [...functionProblems({ ...listeners, onRefused, onError }), ...clockProblems(clock)];
  if (problems.length > 0) throw InvalidRequestError.of(problems);
  return withoutFunctions(settings);
}

/** Just above the largest body that is read: what is cut there is too long. */
const MAX_BODY_BYTES = 256 * 1024 + 1;

const BODY_GONE =
  "somebody has read the webhook's body before, and its exact bytes are gone: hand over request.clone(), or read after";

/** Leaves the network half a second of the service's two. */
const PATIENCE_MS = 1500;

/**
 * Makes a handler.
 *
 * @internal
 */
export function receiverOf(listeners: RefusalListeners, reading: Reading): WebhookHandler {
  const { onError = console.error } = listeners;
  const guarded = async (run: () => unknown) => {
    try {
      await run();
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  };
  const refuse = async ({ reason, message, refusal }: Refused, later: Later) => {
    if (reason !== null && message !== null && listeners.onRefused) {
      await later(() => guarded(() => listeners.onRefused?.({ reason, message })));
    }
    return reply(refusal?.status ?? 400, refusal?.body ?? "");
  };

  const answer = async (request: Request, context: WaitUntil | undefined) => {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { allow: "POST" } });
    const later: Later = context?.waitUntil
      ? async (run) => {
          // A turn of its own: what the listener does before its first `await` must not hold up the answer.
          context.waitUntil?.(new Promise((resolve) => setTimeout(resolve, 0)).then(run));
          return true;
        }
      : inTime;

    const opened = reading.open(request);
    if (typeof opened !== "function") return refuse(opened, later);
    if (request.bodyUsed || request.body?.locked) {
      await guarded(() => {
        throw new TypeError(BODY_GONE);
      });
      return reply(500, "");
    }
    const body = await readUpTo(MAX_BODY_BYTES, request);
    if (body === undefined) return reply(400, "");
    const read = opened(body);
    if (typeof read !== "function") return refuse(read, later);
    const isDone = await later(() => guarded(read));
    return isDone ? reply(200, reading.acknowledgement()) : reply(500, "");
  };
  return (request, context) => {
    requireWebRequest(request);
    return answer(request, context);
  };
}

/**
 * Reports a request of Node's at once, and not by a promise that nobody may look at: who hands it over wants an adapter.
 *
 * @throws TypeError
 */
function requireWebRequest(given: unknown): void {
  const { arrayBuffer, headers } = Object(given) as Partial<Request>;
  if (typeof arrayBuffer === "function" && typeof headers?.get === "function") return;
  throw new TypeError(
    "this handler takes a web Request and gives a Response; for Express, Fastify, NestJS and node:http wrap it: " +
      'import { toNodeHandler } from "trtc-call/node", then app.post("/hook", toNodeHandler(handler))',
  );
}

/** Waits for something as long as the service's patience allows. */
async function inTime(run: () => Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(done, PATIENCE_MS, true);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs something beside the answer. Resolves to whether the answer may say that all is well. */
type Later = (run: () => Promise<boolean>) => Promise<boolean>;

function reply(status: number, body: string): Response {
  return new Response(body, { status, headers: { "content-type": "application/json" } });
}

/** The body, or as much of it as shows that it is too long. */
async function readUpTo(limit: number, request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const reader = request.body?.getReader();
    while (reader && length < limit) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.byteLength;
    }
    if (length >= limit) reader?.cancel().catch(() => {});
  } catch {
    return undefined; // The connection broke.
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
