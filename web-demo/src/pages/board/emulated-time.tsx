import { Button, Group, Text } from "@mantine/core";
import { IconPlayerTrackNext } from "@tabler/icons-react";
import { useState } from "react";
import { useBackend } from "../../backend/context.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { boardMessages } from "./messages.ts";

/** Lets the emulator jump ahead; nothing, with a real account. */
export function EmulatedTime() {
  const texts = useTexts(boardMessages);
  const { emulator } = useBackend();
  const [error, setError] = useState<unknown>(null);
  if (emulator === null) return null;
  const jump = (seconds: number) => {
    setError(null);
    emulator.advance(seconds * 1000).catch(setError);
  };
  return (
    <Group gap="xs" role="group" aria-label={texts.time}>
      <Text size="sm" c="dimmed">
        {texts.time}
      </Text>
      {[5, 60].map((seconds) => (
        <Button
          key={seconds}
          variant="default"
          size="xs"
          leftSection={<IconPlayerTrackNext size={14} aria-hidden />}
          onClick={() => jump(seconds)}
        >
          {texts.jump(seconds)}
        </Button>
      ))}
      {error !== null && <FailureAlert error={error} />}
    </Group>
  );
}
