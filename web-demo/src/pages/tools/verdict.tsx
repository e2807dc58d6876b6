import { Alert, Code, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { useTexts } from "../../i18n/language.tsx";
import { refusalWords } from "../../wording/refusals.ts";
import { messages } from "./messages.ts";

/** What became of a check: fine, refused with the reason, or neither. */
export type Verdict =
  | { is: "valid" | "open"; title: string; text: string }
  | { is: "refused"; title: string; text: string; reason: string };

/** Says what became of a check, to those who see it and to those who hear it. */
export function VerdictAlert({ verdict }: { verdict: Verdict }) {
  const t = useTexts(messages).inspector;
  const refusals: Record<string, string> = useTexts(refusalWords);
  const { color, Icon } = LOOKS[verdict.is];
  return (
    <Alert color={color} title={verdict.title} icon={<Icon aria-hidden />} role="status" variant="light">
      <Stack gap={4}>
        <Text size="sm">{(verdict.is === "refused" && refusals[verdict.reason]) || verdict.text}</Text>
        {verdict.is === "refused" && (
          <Text size="sm">
            {t.reason}: <Code>{verdict.reason}</Code>
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

const LOOKS = {
  valid: { color: "teal", Icon: IconCircleCheck },
  open: { color: "blue", Icon: IconInfoCircle },
  refused: { color: "red", Icon: IconCircleX },
};
