import { Button } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useBackend } from "../../backend/context.tsx";
import { Nothing } from "../../details/nothing.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";

/** There are no records at all: how there can be some. */
export function NoRecords({ onMade }: { onMade(): void }) {
  const t = useTexts(messages);
  return (
    <Nothing title={t.none} text={t.noneFix}>
      <Button component={Link} href="~/" leftSection={<IconPhoneOutgoing size={16} aria-hidden />}>
        {t.placeCall}
      </Button>
      <MakeSamples onMade={onMade} />
    </Nothing>
  );
}

/** Makes records to look at, where the service is emulated. */
export function MakeSamples({ onMade }: { onMade(): void }) {
  const t = useTexts(messages);
  const { emulator } = useBackend();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (emulator === null) return null;
  const make = async () => {
    setIsBusy(true);
    try {
      await emulator.seedRecords(SAMPLES);
      onMade();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <>
      <Button variant="default" loading={isBusy} onClick={() => void make()}>
        {t.makeSamples}
      </Button>
      {error !== undefined && <FailureAlert error={error} />}
    </>
  );
}

/** Enough for the charts to show something. */
const SAMPLES = 200;

/** There are records, but not such ones. A CallId can still be asked for. */
export function NoMatch({ search, onAsk }: { search: string; onAsk(callId: string): void }) {
  const t = useTexts(messages);
  return (
    <Nothing title={t.noMatch} text={t.noMatchFix}>
      {search !== "" && <Button onClick={() => onAsk(search)}>{t.askFor}</Button>}
    </Nothing>
  );
}
