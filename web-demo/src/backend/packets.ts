/** One message of the API as it went over the wire, the UserSig hidden. */
export interface Packet {
  at: number;
  direction: "request" | "reply";
  /** The service's name for the command. */
  command: string;
  callId: string | null;
  text: string;
}

/** The packets of the latest requests. */
export class Packets {
  readonly #kept: Packet[] = [];

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
      const response = await fetch(request);
      const reply = await response.clone().text();
      const url = new URL(request.url);
      const command = url.pathname.split("/").at(-1) ?? "";
      const callId = callIdIn(reply) ?? callIdIn(body);
      const line = `${request.method} ${url.href.replace(/([?&]usersig=)[^&]*/i, "$1(hidden)")}`;
      packets.keep(
        { at: asked, direction: "request", command, callId, text: `${line}\n\n${hideTokens(body)}` },
        { at: now(), direction: "reply", command, callId, text: `HTTP ${response.status}\n\n${reply}` },
      );
      return response;
    },
  };
}

/** The cloud API takes the robot's tokens in the body. */
function hideTokens(json: string): string {
  return json.replace(/("(?:UserSig|PrivateMapKey)"\s*:\s*")[^"]*/g, "$1(hidden)");
}

function callIdIn(json: string): string | null {
  return /"CallId"\s*:\s*"([^"]+)"/.exec(json)?.[1] ?? null;
}
