import type { BoardCall, Delivery, EventId, Listener, Settings, Subscription } from "./backend.ts";

/** The waits between attempts to reach the server, in milliseconds. */
const WAITS = [500, 1000, 2000, 5000];

/** The server says every 5 s that it is there: one that has said nothing for so many milliseconds hangs. */
const PATIENCE = 12_000;

/**
 * Listens to server-sent events, going on from the last one heard whatever interrupts it.
 *
 * A browser opens six connections to a server, whatever the number of its tabs: a page out of sight gives its own
 * back, and catches up when it is looked at again.
 */
export function openEventStream(
  urlAfter: (id: EventId) => URL,
  after: EventId,
  listener: Listener,
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
      listener.connection?.("lost");
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
      listener.connection?.("open");
    };
    opened.onerror = lose;
    const hear = (type: string, tell: (data: string) => void) => {
      opened.addEventListener(type, (event) => {
        isAlive();
        if (event.lastEventId !== "") last = event.lastEventId;
        tell(event.data);
      });
    };
    hear("call", (data) => listener.call?.(JSON.parse(data) as BoardCall));
    hear("call-continued", (data) => listener.callContinued?.(JSON.parse(data) as BoardCall));
    hear("webhook", (data) => listener.delivery?.(JSON.parse(data) as Delivery));
    hear("settings", (data) => listener.settings?.(JSON.parse(data) as Settings));
    hear("alive", () => {});
    hear("reset", () => listener.reset?.());
  };
  const look = () => (document.hidden ? stop() : start());

  document.addEventListener("visibilitychange", look);
  listener.connection?.("connecting");
  start();
  return {
    close() {
      document.removeEventListener("visibilitychange", look);
      stop();
    },
  };
}
