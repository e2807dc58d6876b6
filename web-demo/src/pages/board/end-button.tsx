import { Button, Text } from "@mantine/core";
import { useState } from "react";
import type { BoardCall } from "../../backend/backend.ts";
import { Question } from "../../frame/question.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useEndCall } from "./end-call.ts";
import { boardMessages } from "./messages.ts";

/** Ends a call, after a question: it may be somebody else's. */
export function EndButton({ call: { callId, members }, size = "xs" }: { call: BoardCall; size?: "xs" | "sm" }) {
  const texts = useTexts(boardMessages);
  const [isAsking, setIsAsking] = useState(false);
  const { end, isEnding, error } = useEndCall(callId, () => setIsAsking(false));
  const names = members.map(({ userId }) => userId).join(", ");
  return (
    <>
      <Button color="red" variant="light" size={size} onClick={() => setIsAsking(true)} aria-label={texts.endOf(callId)}>
        {texts.end}
      </Button>
      <Question
        isOpen={isAsking}
        title={texts.endTitle(names)}
        confirm={texts.end}
        isBusy={isEnding}
        error={error}
        onConfirm={() => void end()}
        onClose={() => setIsAsking(false)}
      >
        <Text size="sm">{texts.endText}</Text>
      </Question>
    </>
  );
}
