import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { frameMessages } from "../frame/messages.ts";
import { useTexts } from "../i18n/language.tsx";

/** A key or a token, hidden until somebody wants to see it. */
export function SecretField(props: PasswordInputProps) {
  const { showSecret } = useTexts(frameMessages);
  return <PasswordInput {...props} visibilityToggleButtonProps={{ "aria-label": showSecret }} />;
}
