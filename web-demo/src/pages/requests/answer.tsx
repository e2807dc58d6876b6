import { Anchor, Badge } from "@mantine/core";
import { Link } from "wouter";
import type { LoggedRequest } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useFailureText } from "../../wording/failure-text.ts";
import { requestMessages } from "./messages.ts";

/** Whether a request did not do what it was for. A filter that nothing matches did. */
export function hasFailed({ command, code, status }: LoggedRequest): boolean {
  if (command === "get_record_by_filter" && code === "record_not_found") return false;
  return code !== null || status === null || status >= 400;
}

/** What was answered, in a word and a colour. */
export function Answer({ of }: { of: LoggedRequest }) {
  const t = useTexts(requestMessages);
  const { status, errorCode, code } = of;
  const said = status === null ? t.noAnswer : code === null ? t.fine : String(errorCode);
  return (
    <Badge variant="light" color={hasFailed(of) ? "red" : "teal"} miw="max-content">
      {status === null ? said : `${status} · ${said}`}
    </Badge>
  );
}

/** What a code means, with the address where it is explained. */
export function CodeLink({ of: { status, errorCode, code } }: { of: LoggedRequest }) {
  const say = useFailureText();
  if (code === null) return null;
  const failure = { kind: status === null ? "transport" : "server", code, message: code };
  const { what } = say(typeof errorCode === "number" ? { ...failure, errorCode } : failure);
  if (typeof errorCode !== "number") return what;
  return (
    <Anchor component={Link} href={`~/tools/error-codes?search=${errorCode}`} size="sm">
      {what}
    </Anchor>
  );
}
