import { Alert, List, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { type Failure, failureOf } from "../backend/failure.ts";
import { frameMessages } from "../frame/messages.ts";
import { useTexts } from "../i18n/language.tsx";
import { useFailureText } from "../wording/failure-text.ts";
import { useWording } from "../wording/wording.ts";

/**
 * What went wrong, and what to do about it. `shown` are the fields that show their problems themselves; the
 * problems of all others are listed here.
 */
export function FailureAlert({ error, shown = () => false }: { error: unknown; shown?: (field: string) => boolean }) {
  const texts = useTexts(frameMessages);
  const wording = useWording();
  const failure = failureOf(error);
  const { requestId } = failure;
  const kinds: Record<string, string> = texts.failure;
  const { what, toDo, quoted } = useFailureText()(failure);
  const problems = (failure.problems ?? []).filter(({ field }) => !shown(field));
  const isListed = (failure.problems ?? []).length > 0;
  return (
    <Alert
      role="alert"
      color={failure.mayHaveRung ? "orange" : "red"}
      icon={<IconAlertTriangle aria-hidden />}
      title={failure.mayHaveRung ? texts.mayHaveRungTitle : (kinds[failure.kind] ?? texts.failure.other)}
    >
      {failure.mayHaveRung && (
        <Text size="sm" fw={600}>
          {texts.mayHaveRung}
        </Text>
      )}
      {!isListed && <Text size="sm">{what}</Text>}
      {!isListed && quoted && <Text size="sm">{texts.quoted(quoted)}</Text>}
      {problems.length > 0 && (
        <List size="sm">
          {problems.map((problem) => (
            <List.Item key={`${problem.field} ${problem.rule}`}>
              <b>{wording.field(problem.field)}</b>: {wording.problem(problem)}
            </List.Item>
          ))}
        </List>
      )}
      {!isListed && toDo && <Text size="sm">{toDo}</Text>}
      {failure.retryable && <Text size="sm">{texts.retryable}</Text>}
      <Footnote {...failure} requestId={requestId ?? null} label={texts.requestId} />
    </Alert>
  );
}

function Footnote({ code, requestId, label }: Failure & { label: string }) {
  return (
    <Text size="xs" mt={4}>
      <code>{code}</code>
      {requestId && (
        <>
          {" · "}
          {label} <code>{requestId}</code>
        </>
      )}
    </Text>
  );
}
