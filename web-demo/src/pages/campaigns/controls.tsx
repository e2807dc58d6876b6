import { Button, Group, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { CampaignControls } from "../../backend/campaigns.ts";
import { useLast } from "../../details/last.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { Question } from "../../frame/question.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { type Followed, toDo } from "./follow.ts";
import { campaignMessages } from "./messages.ts";

type Control = "pause" | "resume" | "cancel";

/** Has workers wait, at once; and, after a question, go on or leave the rest. */
export function Controls({ of, controls }: { of: Followed; controls: CampaignControls }) {
  const t = useTexts(campaignMessages);
  const times = useTimes();
  const [asked, setAsked] = useState<"resume" | "cancel" | null>(null);
  const [busy, setBusy] = useState<Control | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async (what: Control) => {
    setBusy(what);
    setError(null);
    try {
      await controls.control(of.name, what);
      setAsked(null);
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(null);
  };
  const ask = (what: "resume" | "cancel") => {
    setError(null);
    setAsked(what);
  };
  const last = useLast(asked ?? undefined);
  const left = times.number(toDo(of));
  if (of.state === "cancelled" || toDo(of) === 0) return null;
  return (
    <>
      <Group gap="xs">
        {of.state === "running" ? (
          <Button
            variant="default"
            leftSection={<IconPlayerPause size={16} aria-hidden />}
            loading={busy === "pause"}
            onClick={() => void run("pause")}
          >
            {t.pause}
          </Button>
        ) : (
          <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => ask("resume")}>
            {t.resume}
          </Button>
        )}
        <Button color="red" variant="light" onClick={() => ask("cancel")}>
          {t.cancel}
        </Button>
      </Group>
      {error !== null && asked === null && <FailureAlert error={error} />}
      <Question
        isOpen={asked !== null}
        title={last === "resume" ? t.resumeTitle(of.name) : t.cancelTitle(of.name)}
        confirm={last === "resume" ? t.resume : t.cancel}
        isBusy={busy === "resume" || busy === "cancel"}
        error={error}
        onConfirm={() => asked !== null && void run(asked)}
        onClose={() => setAsked(null)}
      >
        <Text size="sm">{last === "resume" ? t.resumeText(left) : t.cancelText(left)}</Text>
      </Question>
    </>
  );
}
