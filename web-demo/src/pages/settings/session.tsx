import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";
import type { SessionControls } from "../../backend/backend.ts";
import { CopiedCode } from "../../code/copied-code.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { settingsMessages } from "./messages.ts";
import classes from "./settings.module.css";

/** Lets another browser in, and this one out. */
export function Session({ session }: { session: SessionControls }) {
  const texts = useTexts(settingsMessages);
  const [url, setUrl] = useState("");
  const [error, setError] = useState<unknown>(null);
  const attempt = (work: () => Promise<void>) => {
    setError(null);
    work().catch(setError);
  };
  return (
    <section className={classes.section} aria-labelledby="session">
      <h2 id="session">{texts.session}</h2>
      <Text size="sm">{texts.sessionText}</Text>
      <Group gap="xs">
        <Button variant="default" size="sm" onClick={() => attempt(async () => setUrl(await session.invite()))}>
          {texts.invite}
        </Button>
        <Button
          variant="default"
          size="sm"
          onClick={() =>
            attempt(async () => {
              await session.signOut();
              location.reload();
            })
          }
        >
          {texts.signOut}
        </Button>
      </Group>
      {url !== "" && (
        <>
          <Text size="sm">{texts.inviteText}</Text>
          <CopiedCode label={texts.invite} text={url} isWrapped />
        </>
      )}
      {error !== null && <FailureAlert error={error} />}
    </section>
  );
}
