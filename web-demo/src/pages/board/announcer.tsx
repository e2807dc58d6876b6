import { VisuallyHidden } from "@mantine/core";
import { useRef } from "react";
import type { BoardCall } from "../../backend/backend.ts";
import { useHappening } from "./happening.ts";

/** The kinds of events that are messages, and tell of nothing that happened in the call. */
const PACKETS = new Set(["request", "reply", "webhook"]);

/** Says the latest thing that happened in a call, for who cannot see the board change. */
export function Announcer({ calls }: { calls: readonly BoardCall[] }) {
  const say = useHappening();
  const since = useRef(Date.now());
  const latest = calls
    .flatMap(({ events }) => events)
    .filter(({ kind, at }) => !PACKETS.has(kind) && at >= since.current)
    .reduce<BoardCall["events"][number] | undefined>((last, event) => (last && last.at > event.at ? last : event), undefined);
  return (
    <VisuallyHidden role="log" aria-live="polite">
      {latest && say(latest)}
    </VisuallyHidden>
  );
}
