import { explainErrorCode } from "trtc-call";
import type { LoggedRequest } from "./backend.ts";

/** One message of the API as it went over the wire, the UserSig hidden. */
export interface Packet {
  at: number;
  direction: "request" | "reply";
  /** The service's name for the command. */
  command: string;
  callId: string | null;
  text: string;
}

/** The packets of the latest requests, and the requests by themselves. */
export class Packets {
  readonly #kept: Packet[] = [];
  #requests: LoggedRequest[] = [];
  #last = 0;

  /** Takes note of a request, and what was answered. */
  log(request: Omit<LoggedRequest, "id">) {
    this.#last += 1;
    this.#requests = [{ ...request, id: this.#last }, ...this.#requests].slice(0, 1000);
  }

  /** Those after that one, the latest first. */
  requests(after: number): LoggedRequest[] {
    return this.#requests.filter(({ id }) => id > after);
  }

  keep(...packets: Packet[]) {
    this.#kept.push(...packets);
    if (this.#kept.length > 2000) this.#kept.splice(0, 1000);
  }

  of(callId: string): Packet[] {
    return this.#kept.filter((packet) => packet.callId === callId);
  }
}

/** A `fetch` that remembers what was said about calls. */
export function recordedFetch(
  fetch: typeof globalThis.fetch,
  now: () => number,
): { fetch: typeof globalThis.fetch; packets: Packets } {
  const packets = new Packets();
  return {
    packets,
    async fetch(input, init) {
      const request = new Request(input, init);
      const body = await request.clone().text();
      const asked = now();
      const began = performance.now();
      const response = await fetch(request);
      const reply = await response.clone().text();
      const url = new URL(request.url);
      const command = url.pathname.split("/").at(-1) ?? "";
      const callId = callIdIn(reply) ?? callIdIn(body);
      const { ErrorCode: number = 0, RequestId = null } = envelopeOf(reply);
      const requestText = () => `${line}\n\n${hideTokens(body)}`;
      const replyText = `HTTP ${response.status}\n\n${reply}`;
      const line = `${request.method} ${url.href.replace(/([?&]usersig=)[^&]*/i, "$1(hidden)")}`;
      packets.keep(
        { at: asked, direction: "request", command, callId, text: requestText() },
        { at: now(), direction: "reply", command, callId, text: replyText },
      );
      packets.log({
        at: now(),
        tookMs: Math.round(performance.now() - began),
        command,
        attempt: 1,
        callId,
        status: response.status,
        errorCode: number,
        code: number === 0 ? null : (explainErrorCode(number)?.name ?? "server_error"),
        requestId: RequestId,
        request: requestText(),
        reply: replyText,
      });
      return response;
    },
  };
}

/** The cloud API takes the robot's tokens in the body. */
function hideTokens(json: string): string {
  return json.replace(/("(?:UserSig|PrivateMapKey)"\s*:\s*")[^"]*/g, "$1(hidden)");
}

/** What every reply of a command has; nothing, of an action of the cloud API. */
function envelopeOf(json: string): { ErrorCode?: number; RequestId?: string } {
  try {
    return JSON.parse(json) as { ErrorCode?: number; RequestId?: string };
  } catch {
    return {};
  }
}

function callIdIn(json: string): string | null {
  return /"CallId"\s*:\s*"([^"]+)"/.exec(json)?.[1] ?? null;
}
