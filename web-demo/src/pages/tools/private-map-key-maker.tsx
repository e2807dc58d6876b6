import { Button, Checkbox, Group, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { PrivateMapKey, type Privilege, type Room } from "trtc-call";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { NumberField, numberOf } from "../../fields/number-field.tsx";
import { useTexts } from "../../i18n/language.tsx";
import {
  type ApplicationProps,
  keyOf,
  SdkAppIdField,
  SecretKeyField,
  type TypedNumber,
} from "./application-fields.tsx";
import { useAttempt } from "../../failure/attempt.ts";
import { Expiry } from "./expiry.tsx";
import { privileges } from "./privileges.ts";
import { messages } from "./messages.ts";
import { Token } from "./token.tsx";
import { Tool } from "./tool.tsx";
import classes from "./tools.module.css";
import { FIRST_VALIDITY, secondsOf, ValidityField } from "./validity-field.tsx";

/** Makes a PrivateMapKey. */
export function PrivateMapKeyMaker(props: ApplicationProps & { onInspect(token: string): void }) {
  const { application, onInspect } = props;
  const t = useTexts(messages);
  const [userId, setUserId] = useState("");
  const [isNumeric, setIsNumeric] = useState(true);
  const [number, setNumber] = useState<TypedNumber>("");
  const [name, setName] = useState("");
  const [rights, setRights] = useState<Privilege[]>(privileges);
  const [validity, setValidity] = useState(FIRST_VALIDITY);
  const expire = secondsOf(validity);

  const room: Room = isNumeric ? numberOf(number) : name;
  const { result, error, errorOf, submit } = useAttempt(() => {
    const token = PrivateMapKey.sign({
      ...keyOf(application),
      userId,
      room,
      privileges: rights,
      expire,
    });
    return { token, expiresAt: PrivateMapKey.inspect(token).grant.expiresAt };
  }, [application.sdkAppId, application.secretKey, userId, room, rights, expire]);
  const roomField = {
    label: t.application.room,
    description: t.application.roomHint,
    // Below, so that the two fields stay in line.
    inputWrapperOrder: ["label", "input", "description", "error"] as ("label" | "input" | "description" | "error")[],
    autoComplete: "off",
    error: errorOf("room"),
  };

  return (
    <Tool title={t.rights.makeTitle} intro={t.rights.makeIntro}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <SdkAppIdField {...props} error={errorOf("sdkAppId")} />
          <SecretKeyField {...props} error={errorOf("secretKey")} />
          <TextInput
            label={t.application.userId}
            autoComplete="off"
            spellCheck={false}
            value={userId}
            error={errorOf("userId")}
            onChange={(event) => setUserId(event.currentTarget.value)}
          />
          <div className={classes.pair}>
            {isNumeric ? (
              <NumberField {...roomField} value={number} onChange={setNumber} />
            ) : (
              <TextInput
                {...roomField}
                spellCheck={false}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
            <Select
              label={t.application.roomType}
              allowDeselect={false}
              value={isNumeric ? "numeric" : "string"}
              onChange={(type) => setIsNumeric(type === "numeric")}
              data={[
                { value: "numeric", label: t.application.numericRoom },
                { value: "string", label: t.application.stringRoom },
              ]}
            />
          </div>
          <Checkbox.Group
            label={t.rights.privileges}
            value={rights}
            onChange={(chosen) => setRights(privileges.filter((right) => chosen.includes(right)))}
            error={errorOf("privileges")}
          >
            <div className={classes.rights}>
              {privileges.map((right) => (
                <Checkbox key={right} value={right} label={t.rights.names[right]} />
              ))}
            </div>
          </Checkbox.Group>
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => setRights(privileges)}>
              {t.rights.all}
            </Button>
            <Button size="xs" variant="default" onClick={() => setRights([])}>
              {t.rights.none}
            </Button>
          </Group>
          <ValidityField validity={validity} onChange={setValidity} error={errorOf("expire")} />
          <Button type="submit">{t.rights.make}</Button>
          {error !== undefined && <FailureAlert error={error} />}
          {result && (
            <>
              <Token
                label={t.rights.made}
                token={result.token}
                inspect={t.rights.inspect}
                onInspect={() => onInspect(result.token)}
              />
              <Expiry at={result.expiresAt} />
            </>
          )}
        </Stack>
      </form>
    </Tool>
  );
}
