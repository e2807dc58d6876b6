import { PasswordInput, TextInput } from "@mantine/core";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";

/** An application as it is typed. */
export interface Application {
  sdkAppId: string;
  secretKey: string;
}

/** What the tools share. */
export interface ApplicationProps {
  application: Application;
  onApplication(application: Application): void;
}

/** A number as it is typed: what is none is left to the core to refuse. */
export function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
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
    <TextInput
      label={t.sdkAppId}
      description={t.sdkAppIdHint}
      inputMode="numeric"
      autoComplete="off"
      value={application.sdkAppId}
      error={error}
      onChange={(event) => onApplication({ ...application, sdkAppId: event.currentTarget.value })}
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
    <PasswordInput
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
