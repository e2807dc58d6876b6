import { Button, Input, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { UserSig } from "trtc-call";
import { useBackend } from "../../backend/context.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { type ApplicationProps, keyOf, SdkAppIdField, SecretKeyField } from "./application-fields.tsx";
import { useAttempt } from "../../failure/attempt.ts";
import { Expiry } from "./expiry.tsx";
import { messages } from "./messages.ts";
import { Token } from "./token.tsx";
import { Tool } from "./tool.tsx";
import { FIRST_VALIDITY, secondsOf, ValidityField } from "./validity-field.tsx";

/** Makes a UserSig with a key that is typed, or with the one that the backend holds. */
export function UserSigMaker(props: ApplicationProps & { onInspect(token: string): void }) {
  const { application, onInspect } = props;
  const t = useTexts(messages);
  const backend = useBackend();
  const [key, setKey] = useState("own");
  const [userId, setUserId] = useState("");
  const [validity, setValidity] = useState(FIRST_VALIDITY);
  const expire = secondsOf(validity);
  const isOwnKey = key === "own";

  const sign = () => {
    const userSig = UserSig.sign({ ...keyOf(application), userId, expire });
    return { userSig, expiresAt: UserSig.inspect(userSig).expiresAt };
  };
  const { result, error, errorOf, submit, isBusy } = useAttempt<{
    userSig: string;
    expiresAt: number | string;
  }>(
    isOwnKey ? sign : () => backend.signUserSig({ userId, expireSeconds: expire }),
    [key, application.sdkAppId, application.secretKey, userId, expire],
    isOwnKey ? sign : () => {},
  );

  return (
    <Tool title={t.maker.title} intro={t.maker.intro}>
      <form onSubmit={submit} noValidate>
        <Stack>
            <Input.Wrapper
            label={t.maker.signWith}
            labelElement="div"
            description={
              isOwnKey ? undefined : backend.place === "page" ? t.maker.simulatedKey : t.maker.serverKeyHint
            }
          >
            <SegmentedControl
              fullWidth
              mt={4}
              aria-label={t.maker.signWith}
              value={key}
              onChange={setKey}
              data={[
                { value: "own", label: t.maker.ownKey },
                { value: "server", label: t.maker.serverKey },
              ]}
            />
          </Input.Wrapper>
          {isOwnKey && (
            <>
              <SdkAppIdField {...props} error={errorOf("sdkAppId")} />
              <SecretKeyField {...props} error={errorOf("secretKey")} />
            </>
          )}
          <TextInput
            label={t.application.userId}
            autoComplete="off"
            spellCheck={false}
            value={userId}
            error={errorOf("userId")}
            onChange={(event) => setUserId(event.currentTarget.value)}
          />
          <ValidityField
            validity={validity}
            onChange={setValidity}
            error={errorOf("expire") ?? errorOf("expireSeconds")}
          />
          <Button type="submit" loading={isBusy}>
            {t.maker.make}
          </Button>
          {error !== undefined && <FailureAlert error={error} />}
          {result && (
            <>
              <Token
                label={t.maker.made}
                token={result.userSig}
                inspect={t.maker.inspect}
                onInspect={() => onInspect(result.userSig)}
              />
              <Expiry at={result.expiresAt} />
            </>
          )}
        </Stack>
      </form>
    </Tool>
  );
}
