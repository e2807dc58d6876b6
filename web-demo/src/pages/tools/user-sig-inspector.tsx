import { Code, Fieldset, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { type Ref, useState } from "react";
import { UserSig, type UserSigClaims } from "trtc-call";
import { failureOf } from "../../backend/failure.ts";
import { problemText } from "../../failure/problems.ts";
import { Facts } from "../../details/facts.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { type ApplicationProps, keyOf, SdkAppIdField, SecretKeyField } from "./application-fields.tsx";
import { Expiry } from "./expiry.tsx";
import { messages } from "./messages.ts";
import type english from "./messages.en.ts";
import { useWording, type Wording } from "../../wording/wording.ts";
import { Tool } from "./tool.tsx";
import { type Verdict, VerdictAlert } from "./verdict.tsx";

interface Props extends ApplicationProps {
  token: string;
  onToken(token: string): void;
  input: Ref<HTMLTextAreaElement>;
}

/** Says what a UserSig says, and with the key also whether that is true. */
export function UserSigInspector(props: Props) {
  const { application, token, onToken, input } = props;
  const t = useTexts(messages);
  const wording = useWording();
  const [user, setUser] = useState("");
  const trimmed = token.trim();
  const read = trimmed === "" ? undefined : readToken(trimmed);
  const checked = read?.claims && check(trimmed, read.claims, application, user, wording);
  const verdict = verdictOf(t.inspector, read, checked);

  return (
    <Tool title={t.inspector.title} intro={t.inspector.intro}>
        <Textarea
          ref={input}
          label={t.inspector.token}
          placeholder={t.inspector.placeholder}
          rows={4}
          resize="vertical"
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => onToken(event.currentTarget.value)}
        />
        {verdict ? <VerdictAlert verdict={verdict} /> : <Text c="dimmed">{t.inspector.empty}</Text>}
        {read?.claims && <Claims claims={read.claims} />}
        <Fieldset legend={t.inspector.verifyTitle}>
          <Stack>
            <Text size="sm" c="dimmed">
              {t.inspector.verifyHint}
            </Text>
            <SdkAppIdField {...props} error={checked?.errorOf("sdkAppId")} />
            <SecretKeyField {...props} error={checked?.errorOf("secretKey")} />
            <TextInput
              label={t.inspector.expectedUser}
              description={t.inspector.expectedUserHint}
              autoComplete="off"
              spellCheck={false}
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
            />
          </Stack>
        </Fieldset>
    </Tool>
  );
}

/** What a UserSig claims. */
function Claims({ claims }: { claims: UserSigClaims }) {
  const t = useTexts(messages).inspector;
  const times = useTimes();
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t.says}
      </Title>
      <Facts
        of={[
          [t.user, <Code key="user">{claims.identifier}</Code>],
          ["SDKAppID", claims.sdkAppId],
          [t.madeAt, times.full(Number(claims.time) * 1000)],
          [t.expiresAt, <Expiry key="expiry" at={claims.expiresAt} />],
          [t.lifetime, times.duration(Number(claims.expire))],
          [t.userBuffer, claims.userBuffer === null ? t.userBufferNone : <Code key="buffer">{claims.userBuffer}</Code>],
          [t.version, claims.version],
        ]}
      />
      {claims.userBuffer !== null && (
        <Text size="sm" c="dimmed">
          {t.holdsRights}
        </Text>
      )}
    </Stack>
  );
}

interface Read {
  claims?: UserSigClaims;
  refusal?: { reason: string; message: string };
}

function readToken(token: string): Read {
  try {
    return { claims: UserSig.inspect(token) };
  } catch (thrown) {
    const { code, message } = failureOf(thrown);
    return { refusal: { reason: code, message } };
  }
}

interface Checked extends Read {
  errorOf(field: string): string | undefined;
}

/** Nothing, as long as no key is given. */
function check(
  token: string,
  claims: UserSigClaims,
  application: ApplicationProps["application"],
  user: string,
  wording: Wording,
): Checked | undefined {
  if (application.secretKey === "") return undefined;
  try {
    const userId = user === "" ? claims.identifier : user;
    const { valid, reason, message } = UserSig.verify(token, { ...keyOf(application), userId });
    const noErrors = () => undefined;
    if (valid) return { claims, errorOf: noErrors };
    return { refusal: { reason: reason ?? "", message: message ?? "" }, errorOf: noErrors };
  } catch (thrown) {
    const { problems = [] } = failureOf(thrown);
    return { errorOf: (field) => problemText(problems, field, wording) };
  }
}

function verdictOf(
  t: (typeof english)["inspector"],
  read: Read | undefined,
  checked: Checked | undefined,
): Verdict | undefined {
  if (read === undefined) return undefined;
  if (read.refusal) {
    return { is: "refused", title: t.unreadable, text: read.refusal.message, reason: read.refusal.reason };
  }
  if (checked?.refusal) {
    return { is: "refused", title: t.refused, text: checked.refusal.message, reason: checked.refusal.reason };
  }
  if (checked?.claims) return { is: "valid", title: t.valid, text: t.validText };
  return { is: "open", title: t.unverified, text: t.unverifiedText };
}
