import { Badge } from "@mantine/core";
import type { Counts, RingState } from "../../backend/campaigns.ts";
import { useTexts } from "../../i18n/language.tsx";
import { campaignMessages } from "./messages.ts";

const COLORS: Record<RingState, string> = {
  queued: "gray",
  claimed: "blue",
  sending: "blue",
  rung: "green",
  refused: "red",
  unknown: "orange",
  presumed_not_rung: "grape",
  cancelled: "gray",
};

/** How many rings are in a state. */
export function countOf(counts: Counts, state: RingState): number {
  return state === "presumed_not_rung" ? counts.presumedNotRung : counts[state];
}

/** How far a ring has got; or, with a number, so many of them. */
export function RingBadge({ state, count }: { state: RingState; count?: string }) {
  const t = useTexts(campaignMessages);
  return (
    <Badge variant="light" color={COLORS[state]} miw="max-content">
      {t.ring[state] ?? state}
      {count !== undefined && ` ${count}`}
    </Badge>
  );
}
