import { List, Text } from "@mantine/core";
import type { PlacedCall, Settings } from "../../backend/backend.ts";
import { Facts } from "../../details/facts.tsx";
import { Question } from "../../frame/question.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { callMessages } from "./messages.ts";

/** Asks before real phones ring: whose, how many, and from which account. */
export default function RealPhones({
  isOpen,
  call: { callees, robot },
  settings: { sdkAppId, region, baseUrl },
  onConfirm,
  onClose,
}: {
  isOpen: boolean;
  call: PlacedCall;
  settings: Settings;
  onConfirm(): void;
  onClose(): void;
}) {
  const texts = useTexts(callMessages).real;
  const count = callees.length;
  return (
    <Question isOpen={isOpen} title={texts.title(count)} confirm={texts.confirm(count)} onConfirm={onConfirm} onClose={onClose}>
      <Text size="sm">{texts.text}</Text>
      <List size="sm" mah="12rem" aria-label={texts.who}>
        {callees.map((callee) => (
          <List.Item key={callee}>
            <b>{callee}</b>
          </List.Item>
        ))}
      </List>
      <Facts
        of={[
          [texts.robot, robot],
          [texts.account, String(sdkAppId)],
          [baseUrl ? texts.baseUrl : texts.region, baseUrl ?? region ?? ""],
        ]}
      />
    </Question>
  );
}
