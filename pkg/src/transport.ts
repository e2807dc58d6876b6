// One HTTP exchange with fetch, and what its failures say about the request.
import { onAbort } from "./abort.js";
import { bytesOf } from "./body-bytes.js";
import { hide, rootOf, withoutSecrets } from "./cause.js";
import { defaults } from "./defaults.js";
import { type HttpRequest, secretsOf } from "./http-request.js";

/** How far a request got that was not answered: the codes of a `TransportError`. */
export type NoReply = "connect_failed" | "timeout" | "connection_interrupted" | "cancelled" | "rate_limit_wait";

/** No reply came. */
export class ExchangeFailed {
  constructor(
    readonly how: NoReply,
    /** What happened, without the URL, which is a secret. */
    readonly message: string,
    /** What was thrown, without secrets. */
    readonly cause?: unknown,
  ) {}
}

/** A reply as it came. */
export interface RawReply {
  status: number;
  body: Uint8Array;
  head: ReplyHead;
}

/** The headers that the core reads, and where the reply came from. */
export interface ReplyHead {
  host: string;
  date: string | undefined;
  location: string | undefined;
  retryAfter: string | undefined;
}

/** Sends a request and reads the reply, throwing {@link ExchangeFailed}. */
export async function exchange(
  fetch: typeof globalThis.fetch,
  request: HttpRequest,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<RawReply> {
  const secrets = secretsOf(request);
  const controller = new AbortController();
  let stopped: NoReply | undefined;
  const { promise: stop, reject } = withReject();
  const stopFor = (how: NoReply) => {
    stopped ??= how;
    controller.abort();
    reject();
  };
  const cancel = () => stopFor("cancelled");
  const timer = setTimeout(() => stopFor("timeout"), timeout);
  const forget = onAbort(signal, cancel);
  try {
    // A `fetch` of the user's own may ignore its signal.
    return await Promise.race([answer(fetch, request, secrets, controller.signal), stop]);
  } catch (error) {
    if (stopped === "timeout") throw new ExchangeFailed("timeout", `waited ${timeout} ms`);
    if (stopped === "cancelled") {
      throw new ExchangeFailed("cancelled", "by the caller's signal", signal?.reason);
    }
    throw classify(error, secrets);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

async function answer(
  fetch: typeof globalThis.fetch,
  { method, url, headers, body }: HttpRequest,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<RawReply> {
  const shown = (text: string | undefined) => text && hide(text, secrets);
  // A redirect would hand the UserSig on to another server.
  const response = await fetch(url, { method, headers, body, signal, redirect: "manual" });
  const header = (name: string) => shown(response.headers.get(name) ?? undefined);
  const [date, location, retryAfter] = ["date", "location", "retry-after"].map(header);
  const head = { host: new URL(url).host, date, location, retryAfter };
  return { status: response.status, body: withoutEcho(await read(response), secrets), head };
}

/** A body without what it repeats of the request's secrets, as servers do that know no such path. */
function withoutEcho(body: Uint8Array, secrets: readonly string[]): Uint8Array {
  const text = decoder.decode(body);
  return secrets.some((secret) => text.includes(secret)) ? bytesOf(hide(text, secrets)) : body;
}

const decoder = new TextDecoder();

async function read(response: Response): Promise<Uint8Array> {
  // A `fetch` of the user's own may have streams of another kind, or none.
  const reader = response.body?.getReader?.();
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer());
  // What is longer fails to parse.
  const { maxReplyBytes } = defaults();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < maxReplyBytes) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  // What is not read is not waited for.
  if (length >= maxReplyBytes) reader.cancel().catch(() => {});
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** What Node and Bun call a connection that was never made: nothing was sent. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ConnectionRefused",
]);

/**
 * `fetch` does not tell whether the request was sent. Where the runtime lets it be known that no connection was
 * made, nothing was; else nothing is certain.
 */
function classify(error: unknown, secrets: readonly string[]): ExchangeFailed {
  const { cause = error, message } = Object(error) as { cause?: unknown; message?: unknown };
  const { code, syscall } = Object(cause) as { code?: unknown; syscall?: unknown };
  const isNeverConnected =
    NEVER_CONNECTED.has(String(code)) ||
    syscall === "connect" ||
    syscall === "getaddrinfo" ||
    // Deno's way to say it.
    String(message).includes("client error (Connect)");
  const how = isNeverConnected ? "connect_failed" : "connection_interrupted";
  const { message: told } = Object(rootOf(error)) as { message?: unknown };
  const reason = [told, code].find((text) => typeof text === "string" && text !== "");
  return new ExchangeFailed(how, hide(String(reason ?? "fetch failed"), secrets), withoutSecrets(error, secrets));
}

function withReject(): { promise: Promise<never>; reject: () => void } {
  let reject = () => {};
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = () => rejectPromise(undefined);
  });
  return { promise, reject };
}
