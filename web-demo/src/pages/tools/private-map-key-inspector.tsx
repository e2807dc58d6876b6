import { Checkbox, Code, Stack, Text, Textarea, Title } from "@mantine/core";
import type { Ref } from "react";
import { type Grant, PrivateMapKey, type Room } from "trtc-call";
import { failureOf } from "../../backend/failure.ts";
import { Facts } from "../../details/facts.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { Expiry } from "./expiry.tsx";
import { privileges } from "./privileges.ts";
import { messages } from "./messages.ts";
import { Tool } from "./tool.tsx";
import classes from "./tools.module.css";
import { VerdictAlert } from "./verdict.tsx";

/** Says which rights a PrivateMapKey grants. */
export function PrivateMapKeyInspector({
  token,
  onToken,
  input,
}: {
  token: string;
  onToken(token: string): void;
  input: Ref<HTMLTextAreaElement>;
}) {
  const t = useTexts(messages).rights;
  const read = token.trim() === "" ? undefined : readToken(token.trim());

  return (
    <Tool title={t.inspectTitle} intro={t.inspectIntro}>
      <Textarea
        ref={input}
        label={t.token}
        placeholder="eJw…"
        rows={4}
        resize="vertical"
        autoComplete="off"
        spellCheck={false}
        value={token}
        onChange={(event) => onToken(event.currentTarget.value)}
      />
      {!read && <Text c="dimmed">{t.empty}</Text>}
      {read?.refusal && (
        <VerdictAlert
          verdict={{
            is: "refused",
            title: t.unreadable,
            text: read.refusal.message,
            reason: read.refusal.reason,
          }}
        />
      )}
      {read?.grant && (
        <>
          <VerdictAlert verdict={{ is: "open", title: t.readable, text: t.readableText }} />
          <Rights grant={read.grant} />
        </>
      )}
    </Tool>
  );
}

function Rights({ grant }: { grant: Grant }) {
  const t = useTexts(messages);
  const unnamed = grant.privileges.filter((right) => !(privileges as string[]).includes(right));
  return (
    <Stack>
      <Facts
        of={[
          [t.rights.account, <Code key="account">{grant.account}</Code>],
          ["SDKAppID", grant.sdkAppId],
          [t.application.room, <RoomName key="room" room={grant.room} />],
          [t.rights.expiresAt, <Expiry key="expiry" at={grant.expiresAt} />],
        ]}
      />
      <div>
        <Title order={3} size="h5" mb="xs">
          {t.rights.privileges}
        </Title>
        <div className={classes.rights}>
          {privileges.map((right) => {
            const isGranted = grant.privileges.includes(right);
            return (
              <Checkbox
                key={right}
                checked={isGranted}
                // Shows, and asks nothing.
                readOnly
                onChange={() => {}}
                aria-readonly
                label={t.rights.names[right]}
                color={isGranted ? "teal" : "gray"}
              />
            );
          })}
        </div>
        {unnamed.length > 0 && (
          <Text size="sm" mt="xs">
            {t.rights.unknownBits}: <Code>{unnamed.join(" ")}</Code>
          </Text>
        )}
      </div>
    </Stack>
  );
}

function RoomName({ room }: { room: Room }) {
  const t = useTexts(messages).application;
  return (
    <>
      <Code>{String(room)}</Code> ({typeof room === "number" ? t.numericRoom : t.stringRoom})
    </>
  );
}

function readToken(token: string): {
  grant?: Grant;
  refusal?: { reason: string; message: string };
} {
  try {
    return { grant: PrivateMapKey.inspect(token).grant };
  } catch (thrown) {
    const { code, message } = failureOf(thrown);
    return { refusal: { reason: code, message } };
  }
}
