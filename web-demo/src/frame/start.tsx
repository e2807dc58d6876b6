import { Alert, Button, Loader, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import type { Backend } from "../backend/backend.ts";
import { connect } from "../backend/connect.ts";
import { BackendProvider } from "../backend/context.tsx";
import { failureOf } from "../backend/failure.ts";
import { onTicket } from "../backend/ticket.ts";
import { FailureAlert } from "../failure/failure-alert.tsx";
import { useTexts } from "../i18n/language.tsx";
import classes from "./frame.module.css";
import { frameMessages } from "./messages.ts";

/** After so many milliseconds, whoever waits is told what may be wrong. */
const PATIENCE = 8000;

/** Connects to what stands behind the page, and then shows the page. */
export function Start({ children }: { children: ReactNode }) {
  const [attempt, setAttempt] = useState(0);
  const [backend, setBackend] = useState<Backend | null>(null);
  const [error, setError] = useState<unknown>(null);

  // A new address in an open tab, as after a restart of the server, is connected to anew.
  useEffect(
    () =>
      onTicket(() => {
        setBackend(null);
        setError(null);
        setAttempt((before) => before + 1);
      }),
    [],
  );
  useEffect(() => {
    let isCurrent = true;
    connect().then(
      (connected) => isCurrent && setBackend(connected),
      (thrown) => isCurrent && setError(thrown),
    );
    return () => {
      isCurrent = false;
    };
  }, [attempt]);

  if (backend !== null) return <BackendProvider value={backend}>{children}</BackendProvider>;
  if (error === null) return <Waiting key={attempt} />;
  const retry = () => {
    setError(null);
    setAttempt(attempt + 1);
  };
  return <Refused error={error} retry={retry} />;
}

function Waiting() {
  const texts = useTexts(frameMessages);
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className={classes.center}>
      <Stack align="center">
        <h1>{texts.title}</h1>
        <Loader aria-hidden />
        <Text role="status">{texts.starting}</Text>
        {isSlow && <Text c="dimmed">{texts.slow}</Text>}
      </Stack>
    </main>
  );
}

function Refused({ error, retry }: { error: unknown; retry: () => void }) {
  const texts = useTexts(frameMessages);
  const { code } = failureOf(error);
  const isUsed = code === "ticket_refused";
  const isSessionless = isUsed || code === "session_refused";
  return (
    <main className={classes.center}>
      <Stack maw={560}>
        <h1>{texts.title}</h1>
        {isSessionless ? (
          <Alert role="alert" color="orange" title={isUsed ? texts.usedTicket : texts.noSession}>
            {texts.noSessionFix}
          </Alert>
        ) : (
          <FailureAlert error={error} />
        )}
        <Button onClick={retry}>{texts.again}</Button>
      </Stack>
    </main>
  );
}
