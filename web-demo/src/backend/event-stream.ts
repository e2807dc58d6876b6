import type { Connection, EventId, Subscription } from "./backend.ts";

/** The waits between attempts to reach the server, in milliseconds. */
const WAITS = [500, 1000, 2000, 5000];

/** The server says every 5 s that it is there: one that has said nothing for so many milliseconds hangs. */
const PATIENCE = 12_000;

/** Who is told of what is heard: by the name of an event, its data. */
export type Hearers = Record<string, (data: unknown) => void>;

/**
 * Listens to server-sent events, going on from the last one heard whatever interrupts it.
 *
 * A browser opens six connections to a server, whatever the number of its tabs: a page out of sight gives its own
 * back, and catches up when it is looked at again.
 */
export function openEventStream(
  urlAfter: (id: EventId) => URL,
  after: EventId,
  hearers: Hearers,
  tellConnection: (connection: Connection) => void = () => {},
): Subscription {
  let last = after;
  let source: EventSource | undefined;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  const stop = () => {
    clearTimeout(timer);
    clearTimeout(silence);
    source?.close();
    source = undefined;
  };
  const start = () => {
    stop();
    if (document.hidden) return;
    const opened = new EventSource(urlAfter(last), { withCredentials: false });
    source = opened;
    const lose = () => {
      // The browser's own attempts would go on from where this stream began, and know no end.
      stop();
      tellConnection("lost");
      timer = setTimeout(start, WAITS[Math.min(failures, WAITS.length - 1)]);
      failures += 1;
    };
    const isAlive = () => {
      clearTimeout(silence);
      silence = setTimeout(lose, PATIENCE);
    };
    isAlive();
    opened.onopen = () => {
      failures = 0;
      isAlive();
      tellConnection("open");
    };
    opened.onerror = lose;
    opened.addEventListener("alive", isAlive);
    for (const [name, hear] of Object.entries(hearers)) {
      opened.addEventListener(name, ({ lastEventId, data }) => {
        isAlive();
        if (lastEventId !== "") last = lastEventId;
        hear(JSON.parse(data));
      });
    }
  };
  const look = () => (document.hidden ? stop() : start());

  document.addEventListener("visibilitychange", look);
  tellConnection("connecting");
  start();
  return {
    close() {
      document.removeEventListener("visibilitychange", look);
      stop();
    },
  };
}
