import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { tc3Stages } from "trtc-call";
import { CopiedCode } from "../../code/copied-code.tsx";
import { useAttempt } from "../../failure/attempt.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { SecretField } from "../../fields/secret-field.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";
import { Tool } from "./tool.tsx";
import classes from "./tools.module.css";

const EMPTY = { secretId: "", secretKey: "", action: "", host: "trtc.tencentcloudapi.com", timestamp: "", body: "" };

/** Every text on the way to the signature of a request to the cloud API. */
export function Tc3Signature() {
  const t = useTexts(messages).tc3;
  const [given, setGiven] = useState(EMPTY);
  const { timestamp, ...texts } = given;
  const { result, error, errorOf, submit } = useAttempt(
    () => tc3Stages({ ...texts, timestamp: timestamp === "" ? Number.NaN : Number(timestamp) }),
    [given],
  );
  const field = (name: keyof typeof EMPTY) => ({
    value: given[name],
    error: errorOf(name),
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setGiven((before) => ({ ...before, [name]: value }));
    },
  });
  const now = () => setGiven((before) => ({ ...before, timestamp: String(Math.floor(Date.now() / 1000)) }));

  return (
    <Tool title={t.title} intro={t.intro}>
      <form onSubmit={submit} noValidate>
        <div className={classes.columns}>
          <Stack>
            <TextInput label={t.action} placeholder="StopStreamIngest" {...field("action")} />
            <TextInput label={t.host} {...field("host")} />
            <TextInput label={t.timestamp} description={t.timestampHint} inputMode="numeric" {...field("timestamp")} />
            <Textarea label={t.body} description={t.bodyHint} rows={5} resize="vertical" {...field("body")} />
            <TextInput label="SecretId" {...field("secretId")} />
            <SecretField label="SecretKey" description={t.keyHint} {...field("secretKey")} />
            <Group>
              <Button type="submit">{t.sign}</Button>
              <Button variant="default" onClick={now}>
                {t.now}
              </Button>
            </Group>
          </Stack>
          <Stack>
            {error !== undefined && <FailureAlert error={error} />}
            {result && (
              <>
                <Text size="sm" c="dimmed">
                  {t.secret}
                </Text>
                {(["canonicalRequest", "stringToSign", "signature", "authorization"] as const).map((stage) => (
                  <div key={stage}>
                    <Text size="sm" fw={600} mb={4}>
                      {t.stages[stage]}
                    </Text>
                    <CopiedCode label={t.stages[stage]} text={result[stage]} isWrapped />
                  </div>
                ))}
              </>
            )}
          </Stack>
        </div>
      </form>
    </Tool>
  );
}
