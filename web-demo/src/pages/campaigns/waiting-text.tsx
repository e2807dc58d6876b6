import { Text } from "@mantine/core";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import type { Followed } from "./follow.ts";
import { campaignMessages } from "./messages.ts";
import { waitingFor } from "./waiting.ts";

/** What a campaign in the list waits for. */
export function WaitingText({ of, now }: { of: Followed; now: number }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  const waiting = waitingFor(of, now);
  if (waiting === null) return null;
  const queued = times.number(of.counts.queued);
  if (waiting.for === "worker") {
    return (
      <Text size="sm" fw={600}>
        {t.noWorkerTitle}
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {waiting.for === "resume" ? t.paused : t.later(queued, times.full(waiting.until))}
    </Text>
  );
}
