import { Alert, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useBackend } from "../../backend/context.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { settingsMessages } from "./messages.ts";

/** Asks the service for something harmless, to see whether it answers as this account hopes. */
export function Connection({ onChecked }: { onChecked(): void }) {
  const texts = useTexts(settingsMessages);
  const backend = useBackend();
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ error: unknown } | null>(null);
  const check = async () => {
    setIsBusy(true);
    setOutcome(null);
    try {
      await backend.callback();
      setOutcome({ error: null });
    } catch (error) {
      setOutcome({ error });
    } finally {
      setIsBusy(false);
      onChecked();
    }
  };
  return (
    <Stack gap="sm" align="flex-start">
      <Button variant="default" size="sm" loading={isBusy} onClick={() => void check()}>
        {texts.check}
      </Button>
      {outcome?.error === null && (
        <Alert color="teal" role="status">
          <Text size="sm">{texts.checked}</Text>
        </Alert>
      )}
      {outcome !== null && outcome.error !== null && <FailureAlert error={outcome.error} />}
    </Stack>
  );
}
