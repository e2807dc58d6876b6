import { Alert, Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { CampaignControls, Ring } from "../../backend/campaigns.ts";
import { useLast } from "../../details/last.ts";
import { Question } from "../../frame/question.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { campaignMessages } from "./messages.ts";

/** Has a person say whether an unknown ring rang, after a question: it is for good. */
export function Settle({
  ring,
  controls,
  onSettled,
}: {
  ring: Ring;
  controls: CampaignControls;
  onSettled(settled: Ring): void;
}) {
  const t = useTexts(campaignMessages);
  const [said, setSaid] = useState<boolean | null>(null);
  const last = useLast(said ?? undefined);
  const [isBusy, setIsBusy] = useState(false);
  const [isSettled, setIsSettled] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const names = ring.users.join(", ");
  const settle = async (hasRung: boolean) => {
    setIsBusy(true);
    setError(null);
    try {
      onSettled(await controls.settle(ring.key, hasRung));
      setIsSettled(true);
      setSaid(null);
    } catch (thrown) {
      setError(thrown);
    }
    setIsBusy(false);
  };
  const ask = (hasRung: boolean) => {
    setError(null);
    setSaid(hasRung);
  };
  return (
    <>
      <Text size="sm" role="status">
        {isSettled && t.settledNow}
      </Text>
      {ring.state === "unknown" && (
        <Alert color="orange" title={t.settleTitle}>
          <Text size="sm" mb="sm">
            {t.settleText}
          </Text>
          <Group gap="xs">
            <Button variant="default" size="xs" onClick={() => ask(true)}>
              {t.itRang}
            </Button>
            <Button variant="default" size="xs" onClick={() => ask(false)}>
              {t.itDidNot}
            </Button>
          </Group>
        </Alert>
      )}
      <Question
        isOpen={said !== null}
        title={last === false ? t.settleNot(names) : t.settleRang(names)}
        confirm={last === false ? t.itDidNot : t.itRang}
        isBusy={isBusy}
        error={error}
        onConfirm={() => said !== null && void settle(said)}
        onClose={() => setSaid(null)}
      >
        <Text size="sm">{t.settleFor}</Text>
      </Question>
    </>
  );
}
