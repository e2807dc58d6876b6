import type { BoardCall } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import classes from "./board.module.css";
import { boardMessages } from "./messages.ts";

/** More than that are a table's affair. */
const MOST = 20;

/** When whose phone rang, and when who was in the call: side by side, on one scale. */
export function Bars({ call, now }: { call: BoardCall; now: number }) {
  const texts = useTexts(boardMessages);
  const times = useTimes();
  const { members, startedAt, endedAt } = call;
  const end = Math.max(endedAt ?? now, startedAt + 1);
  if (members.length > MOST) return null;
  const place = (at: number) => `${(100 * (Math.min(Math.max(at, startedAt), end) - startedAt)) / (end - startedAt)}%`;
  const length = (from: number, to: number) => `${(100 * Math.max(0, Math.min(to, end) - from)) / (end - startedAt)}%`;
  return (
    <dl className={classes.bars} aria-label={texts.bars}>
      {members.map(({ userId }) => {
        const spans = spansOf(call, userId, end);
        const said = spans
          .map(({ kind, from, to }) => `${texts.spans[kind]}: ${times.duration((to - from) / 1000)}`)
          .join(", ");
        return (
          <div key={userId}>
            <dt>{userId}</dt>
            <dd>
              <svg role="img" aria-label={`${userId}: ${said || texts.spans.none}`}>
                <title>{said || texts.spans.none}</title>
                {spans.map(({ kind, from, to }) => (
                  <rect key={`${kind} ${from}`} className={classes[kind] ?? ""} x={place(from)} width={length(from, to)} height="100%" />
                ))}
              </svg>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

interface Span {
  kind: "ringing" | "talking";
  from: number;
  to: number;
}

/** What begins a span, and what ends it. */
const BEGINS: Record<string, Span["kind"]> = { ringing: "ringing", answered: "talking" };
const ENDS = new Set(["rejected", "not_answered", "hung_up", "dropped", "cancelled", "left", "unanswered", "busy", "offline"]);

function spansOf({ events }: BoardCall, userId: string, end: number): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  const close = (at: number) => {
    if (open) spans.push({ ...open, to: Math.max(open.from, at) });
    open = undefined;
  };
  for (const event of events) {
    if (event.userId !== userId) continue;
    const kind = BEGINS[event.kind];
    if (kind === undefined && !ENDS.has(event.kind)) continue;
    close(event.at);
    if (kind) open = { kind, from: event.at, to: end };
  }
  close(end);
  return spans;
}
