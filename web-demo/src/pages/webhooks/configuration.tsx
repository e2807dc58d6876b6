import { Alert, Anchor, Button, Checkbox, Group, Loader, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";
import type { CallbackConfiguration } from "trtc-call";
import { useBackend } from "../../backend/context.tsx";
import { useBoard } from "../../board/board-store.tsx";
import { useAttempt } from "../../failure/attempt.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { Question } from "../../frame/question.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";
import { tell } from "./notice.ts";

/** Where webhooks go, and which: shown, replaced, deleted. */
export function Configuration() {
  const t = useTexts(messages);
  const backend = useBackend();
  const [found, setFound] = useState<{ configuration: CallbackConfiguration | null }>();
  const [error, setError] = useState<unknown>();
  const load = useCallback(() => {
    setError(undefined);
    backend.callback().then((configuration) => setFound({ configuration }), setError);
  }, [backend]);
  useEffect(load, [load]);

  if (error !== undefined) {
    return (
      <Stack align="flex-start">
        <FailureAlert error={error} />
        <Button onClick={load}>{t.again}</Button>
      </Stack>
    );
  }
  if (!found) {
    return (
      <Group role="status">
        <Loader size="sm" aria-hidden />
        <Text c="dimmed">{t.configLoading}</Text>
      </Group>
    );
  }
  const { configuration } = found;
  return (
    <Paper withBorder p="lg" maw={640}>
      <Stack>
        <Text c="dimmed">{t.configIntro}</Text>
        <Alert color={configuration ? "teal" : "yellow"} role="status">
          {configuration ? t.configSome(configuration.url) : t.configNone}
        </Alert>
        <ConfigurationForm configuration={configuration} onSaved={load} />
        {configuration && <Removal onRemoved={load} />}
      </Stack>
    </Paper>
  );
}

function ConfigurationForm({
  configuration,
  onSaved,
}: {
  configuration: CallbackConfiguration | null;
  onSaved(): void;
}) {
  const t = useTexts(messages);
  const backend = useBackend();
  const ownUrl = useBoard().settings?.webhooks.url;
  const known = Object.keys(t.commands);
  const [url, setUrl] = useState(configuration?.url ?? "");
  const [commands, setCommands] = useState<string[]>(configuration?.commands ?? known);
  // What the service has learned to send since is kept.
  const offered = [...new Set([...known, ...(configuration?.commands ?? [])])];

  const { error, errorOf, submit, isBusy } = useAttempt(
    async () => {
      await backend.setCallback({ url: url.trim(), commands, allowUnknownCommands: true });
      tell({ title: t.saved, message: t.savedText, close: t.close });
      onSaved();
    },
    [url, commands],
    () => {},
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          type="url"
          label={t.configUrl}
          description={t.configUrlHint}
          autoComplete="off"
          value={url}
          error={errorOf("url")}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        {ownUrl && ownUrl !== url && (
          <Anchor component="button" type="button" size="sm" ta="start" onClick={() => setUrl(ownUrl)}>
            {t.useOwn}
          </Anchor>
        )}
        <Checkbox.Group
          label={t.configCommands}
          value={commands}
          error={errorOf("commands")}
          onChange={setCommands}
        >
          <Stack gap="xs" mt="xs">
            {offered.map((command) => (
              <Checkbox
                key={command}
                value={command}
                label={(t.commands as Record<string, string>)[command] ?? command}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        {error !== undefined && <FailureAlert error={error} />}
        <Button type="submit" loading={isBusy}>
          {t.save}
        </Button>
      </Stack>
    </form>
  );
}

/** Deletes the configuration, after a question. */
function Removal({ onRemoved }: { onRemoved(): void }) {
  const t = useTexts(messages);
  const backend = useBackend();
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const remove = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      await backend.deleteCallback();
      setIsAsking(false);
      tell({ title: t.removed, message: t.removedText, close: t.close });
      onRemoved();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setIsAsking(true)}>
        {t.remove}
      </Button>
      <Question
        isOpen={isAsking}
        title={t.removeTitle}
        confirm={t.remove}
        isBusy={isBusy}
        error={error}
        onConfirm={() => void remove()}
        onClose={() => setIsAsking(false)}
      >
        <Text>{t.removeText}</Text>
      </Question>
    </>
  );
}
