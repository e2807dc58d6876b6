import { NumberField, numberOf } from "../../fields/number-field.tsx";
import { SecretField } from "../../fields/secret-field.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";

/** An application as it is typed. */
export interface Application {
  sdkAppId: TypedNumber;
  secretKey: string;
}

/** What a number input holds: text where it is empty, or beyond what numbers hold. */
export type TypedNumber = number | string;

/** What the tools share. */
export interface ApplicationProps {
  application: Application;
  onApplication(application: Application): void;
}

/** An application as the package takes it. */
export function keyOf({ sdkAppId, secretKey }: Application) {
  return { sdkAppId: numberOf(sdkAppId), secretKey };
}

/** The SDKAppID. */
export function SdkAppIdField({
  application,
  onApplication,
  error,
}: ApplicationProps & { error?: string | undefined }) {
  const t = useTexts(messages).application;
  return (
    <NumberField
      label={t.sdkAppId}
      description={t.sdkAppIdHint}
      value={application.sdkAppId}
      error={error}
      onChange={(sdkAppId) => onApplication({ ...application, sdkAppId })}
    />
  );
}

/** The secret key. */
export function SecretKeyField({
  application,
  onApplication,
  error,
}: ApplicationProps & { error?: string | undefined }) {
  const t = useTexts(messages).application;
  return (
    <SecretField
      label={t.secretKey}
      description={t.secretKeyHint}
      autoComplete="off"
      spellCheck={false}
      value={application.secretKey}
      error={error}
      onChange={(event) => onApplication({ ...application, secretKey: event.currentTarget.value })}
    />
  );
}
