import { Alert, Anchor, List, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Link } from "wouter";
import type { PlacedCallReply } from "../../backend/backend.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import classes from "./call.module.css";
import { callMessages } from "./messages.ts";

/** What the button was pressed for: it takes the focus, whether it was a success or a failure. */
export function Outcome({ started, error }: { started: PlacedCallReply | null; error: unknown }) {
  const place = useRef<HTMLDivElement>(null);
  const isThere = started !== null || error !== null;
  useEffect(() => {
    if (isThere) place.current?.focus();
  }, [isThere, started, error]);
  if (!isThere) return null;
  return (
    <div ref={place} tabIndex={-1} className={classes.outcome} data-outcome>
      {started ? <Started reply={started} /> : <FailureAlert error={error} shown={() => true} />}
    </div>
  );
}

/** What came of it, for each callee. */
function Started({ reply: { callId, callees, room } }: { reply: PlacedCallReply }) {
  const texts = useTexts(callMessages);
  return (
    <Alert role="status" color="green" title={texts.startedTitle}>
      <List size="sm" mb="xs">
        {callees.map(({ userId, wasRung, resultCode }) => (
          <List.Item key={userId}>
            <b>{userId}</b> {wasRung ? texts.rung : texts.notRung(resultCode)}
          </List.Item>
        ))}
      </List>
      {room !== null && (
        <Text size="sm" mb="xs">
          {texts.startedIn(String(room))}
        </Text>
      )}
      {callId === null ? (
        <Text size="sm">{texts.noCallId}</Text>
      ) : (
        <Anchor component={Link} href={`/board/${encodeURIComponent(callId)}`} size="sm" underline="always">
          {texts.watch}
        </Anchor>
      )}
    </Alert>
  );
}
