import { Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconSearch } from "@tabler/icons-react";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";
import classes from "./tools.module.css";

/** A token that was made: to copy, or to inspect. */
export function Token({
  label,
  token,
  inspect,
  onInspect,
}: {
  label: string;
  token: string;
  inspect: string;
  onInspect(): void;
}) {
  const t = useTexts(messages);
  return (
    <Stack gap="xs" role="status">
      <Text fw={600} size="sm">
        {label}
      </Text>
      <Code block className={classes.token}>
        {token}
      </Code>
      <Group gap="xs">
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button
              variant="light"
              onClick={copy}
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? t.copied : t.copy}
            </Button>
          )}
        </CopyButton>
        <Button variant="subtle" onClick={onInspect} leftSection={<IconSearch size={16} aria-hidden />}>
          {inspect}
        </Button>
      </Group>
    </Stack>
  );
}
