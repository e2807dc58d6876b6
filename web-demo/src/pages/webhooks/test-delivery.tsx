import { Button, Input, Paper, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useBackend } from "../../backend/context.tsx";
import { useAttempt } from "../../failure/attempt.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";
import { useTellSent } from "./notice.ts";

/** Sends a made-up delivery with a valid signature. */
export function TestDelivery({ onSent }: { onSent(): void }) {
  const t = useTexts(messages);
  const backend = useBackend();
  const tellSent = useTellSent();
  const [command, setCommand] = useState("Call.CallbackAfterStartCall");
  const [callId, setCallId] = useState("");
  const [target, setTarget] = useState("own");
  const [url, setUrl] = useState("");

  const { error, errorOf, submit, isBusy } = useAttempt(
    async () => {
      const sent = await backend.sendTestDelivery({
        command,
        ...(callId !== "" && { callId }),
        ...(target === "other" && { url }),
      });
      tellSent(sent, t.sentText);
      onSent();
    },
    [command, callId, target, url],
    () => {},
  );

  return (
    <Paper withBorder p="lg" maw={640}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text c="dimmed">{t.testIntro}</Text>
          <Select
            label={t.command}
            allowDeselect={false}
            value={command}
            error={errorOf("command")}
            onChange={(chosen) => chosen && setCommand(chosen)}
            data={Object.entries(t.commands).map(([value, label]) => ({ value, label }))}
          />
          <TextInput
            label={t.testCallId}
            description={t.testCallIdHint}
            autoComplete="off"
            spellCheck={false}
            value={callId}
            error={errorOf("callId")}
            onChange={(event) => setCallId(event.currentTarget.value)}
          />
          <Input.Wrapper label={t.target} labelElement="div">
            <SegmentedControl
              fullWidth
              mt={4}
              aria-label={t.target}
              value={target}
              onChange={setTarget}
              data={[
                { value: "own", label: t.own },
                { value: "other", label: t.other },
              ]}
            />
          </Input.Wrapper>
          {target === "other" && (
            <TextInput
              type="url"
              label={t.url}
              description={t.urlHint}
              autoComplete="off"
              value={url}
              error={errorOf("url")}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
          )}
          {error !== undefined && <FailureAlert error={error} />}
          <Button type="submit" loading={isBusy}>
            {t.send}
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
