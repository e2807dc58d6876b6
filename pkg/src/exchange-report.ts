// What a client tells about each request that it sends, for logs, metrics and traces. It shows no secret.
import type { TrtcCallError } from "./errors.js";
import type { HttpRequest } from "./http-request.js";
import type { RawReply } from "./transport.js";

/** One request that was sent, and what became of it. */
export interface ExchangeReport {
  /** The command, such as `start_call_by_robot`, or the action of the cloud API, such as `StartStreamIngest`. */
  readonly command: string;
  /** Which attempt it was, from 1. One that finds no connection and turns to the backup host is the same. */
  readonly attempt: number;
  /** The URL, its UserSig hidden. */
  readonly url: string;
  /** When it was sent, in Unix milliseconds of the system's clock. */
  readonly startedAt: number;
  /** How long it took, reply included, in milliseconds. */
  readonly duration: number;
  /** The HTTP status, if a reply came. */
  readonly status: number | null;
  /** The service's name for the request, if a reply named it: quote it when you ask for support. */
  readonly requestId: string | null;
  /** Why it failed, if it did. */
  readonly error: TrtcCallError | null;
  /** Whether it is sent again, to this host or to another one. */
  readonly willRetry: boolean;
  /** The bodies, for who asks for them. They hold whom you call and what you say; keys, UserSigs and tokens are hidden. */
  bodies(): { request: string; reply: string | null };
}

/** What is known of one request when it is over. */
interface Exchanged {
  command: string;
  attempt: number;
  request: HttpRequest;
  /** By the monotonic clock, which starts at `performance.timeOrigin`. */
  began: number;
  reply: RawReply | undefined;
  error: TrtcCallError | null;
  willRetry: boolean;
}

/**
 * The report on one request.
 *
 * @internal
 */
export function reportOf({ request, began, reply, ...rest }: Exchanged): ExchangeReport {
  // As it prints: with its secrets hidden.
  const { url, body }: HttpRequest = JSON.parse(JSON.stringify(request));
  const text = () => (reply === undefined ? null : new TextDecoder().decode(reply.body));
  const [, requestId = null] = /"RequestId"\s*:\s*"([^"\\]*)"/.exec(text() ?? "") ?? [];
  const duration = performance.now() - began;
  const startedAt = Date.now() - duration;
  const status = reply?.status ?? null;
  const report = { ...rest, url, startedAt, duration, status, requestId };
  const bodies = () => ({ request: body, reply: text() });
  return Object.defineProperty(report, "bodies", { value: bodies }) as unknown as ExchangeReport;
}
