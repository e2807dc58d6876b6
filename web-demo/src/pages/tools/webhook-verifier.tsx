import { Button, Checkbox, Code, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useState } from "react";
import { Webhook, type WebhookDelivery } from "trtc-call";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { Facts } from "../../details/facts.tsx";
import { SecretField } from "../../fields/secret-field.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { type ApplicationProps, SdkAppIdField } from "./application-fields.tsx";
import { useAttempt } from "../../failure/attempt.ts";
import { messages } from "./messages.ts";
import { Tool } from "./tool.tsx";
import classes from "./tools.module.css";
import { VerdictAlert } from "./verdict.tsx";

/** Says whether a pasted delivery comes from the service, and what it tells. */
export function WebhookVerifier(props: ApplicationProps) {
  const t = useTexts(messages).verifier;
  const [url, setUrl] = useState("");
  const [body, setBody] = useState("");
  const [token, setToken] = useState("");
  const [ignoresAge, setIgnoresAge] = useState(true);
  const sdkAppId = Number(props.application.sdkAppId);

  const { result, error, errorOf, submit } = useAttempt(() => {
    const raw = { url: url.trim(), body };
    const { delivery } = Webhook.parseUnverified(raw);
    const now = ignoresAge ? (delivery?.requestTime ?? undefined) : undefined;
    return Webhook.verify(raw, { sdkAppId, token, now });
  }, [url, body, token, ignoresAge, sdkAppId]);

  const fillIn = async () => {
    const sample = sampleOf(Number.isSafeInteger(sdkAppId) && sdkAppId > 0 ? sdkAppId : 1400000000);
    props.onApplication({ ...props.application, sdkAppId: sample.sdkAppId });
    setToken(sample.token);
    setUrl(sample.request.url);
    setBody(await sample.request.text());
  };

  return (
    <Tool title={t.title} intro={t.intro}>
      <form onSubmit={submit} noValidate>
        <div className={classes.columns}>
          <Stack>
            <Textarea
              label={t.url}
              placeholder={t.urlPlaceholder}
              rows={3}
              resize="vertical"
              spellCheck={false}
              value={url}
              error={errorOf("url")}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
            <Textarea
              label={t.body}
              description={t.bodyHint}
              rows={7}
              resize="vertical"
              spellCheck={false}
              value={body}
              error={errorOf("body")}
              onChange={(event) => setBody(event.currentTarget.value)}
            />
            <SdkAppIdField {...props} error={errorOf("sdkAppId")} />
            <SecretField
              label={t.token}
              description={t.tokenHint}
              autoComplete="off"
              spellCheck={false}
              value={token}
              error={errorOf("token")}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
            <Checkbox
              label={t.ignoreAge}
              description={t.ignoreAgeHint}
              checked={ignoresAge}
              onChange={(event) => setIgnoresAge(event.currentTarget.checked)}
            />
            <Group>
              <Button type="submit">{t.verify}</Button>
              <Button variant="default" onClick={() => void fillIn()}>
                {t.sample}
              </Button>
            </Group>
          </Stack>
          <Stack>
            {error !== undefined && <FailureAlert error={error} />}
            {result && !result.valid && (
              <VerdictAlert
                verdict={{
                  is: "refused",
                  title: t.refused,
                  text: result.message ?? "",
                  reason: result.reason ?? "",
                }}
              />
            )}
            {result?.delivery && (
              <>
                <VerdictAlert verdict={{ is: "valid", title: t.valid, text: `${t.validText} ${t.bodyNote}` }} />
                <Told delivery={result.delivery} />
              </>
            )}
          </Stack>
        </div>
      </form>
    </Tool>
  );
}

function Told({ delivery }: { delivery: WebhookDelivery }) {
  const t = useTexts(messages).verifier;
  const times = useTimes();
  const { event, requestTime, clientIp, platform } = delivery;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t.event}
      </Title>
      <Facts
        of={[
          [t.command, <Code key="command">{event.command}</Code>],
          [t.callId, event.callId === null ? "–" : <Code key="call">{event.callId}</Code>],
          [t.happened, event.eventTime === null ? "–" : times.full(event.eventTime)],
          [t.signed, requestTime === null ? "–" : times.full(requestTime * 1000)],
          [t.clientIp, clientIp ?? "–"],
          [t.platform, platform ?? "–"],
        ]}
      />
      <Text size="sm" fw={600}>
        {t.details}
      </Text>
      <Code block className={classes.token}>
        {JSON.stringify(event, null, 2)}
      </Code>
    </Stack>
  );
}

/** A delivery as the service would send it, signed with a token that nobody uses. */
function sampleOf(sdkAppId: number) {
  const token = "a sample token";
  const request = Webhook.signForTest({
    sdkAppId,
    token,
    url: "https://example.com/webhook",
    body: {
      CallbackCommand: "Call.CallbackAfterMemberChanged",
      EventTime: Date.now(),
      CallId: "6d9d6c9e-0000-4000-8000-000000000001",
      UserList: [{ User_Account: "jack", Status: "Calling" }],
      ChangedUserList: [{ User_Account: "jack", ActionType: "Answer" }],
    },
  });
  return { sdkAppId, token, request };
}
