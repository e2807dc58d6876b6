import { Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { IngestRoomIdCoding, Settings } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { settingsMessages } from "./messages.ts";
import classes from "./settings.module.css";

/** Which number stands for a numeric room when media is played. */
export function IngestCoding({ settings }: { settings: Settings }) {
  const texts = useTexts(settingsMessages);
  const backend = useBackend();
  const [error, setError] = useState<unknown>(null);
  const [chosen, setChosen] = useState<IngestRoomIdCoding | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const choose = async (coding: IngestRoomIdCoding) => {
    setChosen(coding);
    setError(null);
    setIsSaved(false);
    try {
      await backend.changeSettings({ ingestRoomIdCoding: coding });
      setIsSaved(true);
    } catch (thrown) {
      setChosen(null);
      setError(thrown);
    }
  };
  return (
    <section className={classes.section} aria-labelledby="coding">
      <h2 id="coding">{texts.coding}</h2>
      <Text size="sm">{texts.codingText}</Text>
      <Radio.Group
        aria-labelledby="coding"
        value={chosen ?? settings.ingestRoomIdCoding}
        onChange={(value) => void choose(value as IngestRoomIdCoding)}
      >
        <Stack gap="sm">
          <Radio value="numeric-0" label={texts.numeric0} description={texts.numeric0Hint} />
          <Radio value="numeric-1" label={texts.numeric1} description={texts.numeric1Hint} />
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {texts.codingHow}
      </Text>
      <Text size="sm" role="status">
        {isSaved && texts.saved}
      </Text>
      {error !== null && <FailureAlert error={error} />}
    </section>
  );
}
