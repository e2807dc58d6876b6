import { Button, Text, Timeline as Line } from "@mantine/core";
import { useEffect, useState } from "react";
import type { BoardCall, BoardEvent } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { CopiedCode } from "../../code/copied-code.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import classes from "./board.module.css";
import { useHappening } from "./happening.ts";
import { boardMessages } from "./messages.ts";

/** What happened in a call, with the packets that said so. */
export function Timeline({ call }: { call: BoardCall }) {
  const texts = useTexts(boardMessages);
  const { events, error } = useEvents(call);
  return (
    <section className={`${classes.section} ${classes.timeline}`} aria-labelledby="timeline">
      <h2 id="timeline">{texts.timeline}</h2>
      <Text size="sm" c="dimmed" mb="md">
        {texts.timelineLead}
      </Text>
      {error !== null && <FailureAlert error={error} />}
      <Line active={events.length} bulletSize={12} lineWidth={2} component="ol" className={classes.line ?? ""}>
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </Line>
    </section>
  );
}

/** The stream tells of events without their packets, so each change asks for the whole call. */
function useEvents(call: BoardCall): { events: readonly BoardEvent[]; error: unknown } {
  const backend = useBackend();
  const [whole, setWhole] = useState<BoardCall | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let isCurrent = true;
    backend.call(call.callId).then(
      (answer) => {
        if (!isCurrent) return;
        setWhole(answer);
        setError(null);
      },
      (thrown) => isCurrent && setError(thrown),
    );
    return () => {
      isCurrent = false;
    };
  }, [backend, call]);
  return { events: whole?.events ?? call.events, error };
}

function Event({ event }: { event: BoardEvent }) {
  const texts = useTexts(boardMessages);
  const times = useTimes();
  const say = useHappening();
  const [isOpen, setIsOpen] = useState(false);
  const what = say(event);
  return (
    <Line.Item component="li">
      <div className={classes.event}>
        <Text size="xs" c="dimmed" className={classes.at ?? ""}>
          {times.brief(event.at)}
        </Text>
        <Text size="sm">{what}</Text>
        {event.raw && (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={isOpen}
            aria-label={texts.packetOf(what)}
            onClick={() => setIsOpen(!isOpen)}
          >
            {texts.packet}
          </Button>
        )}
      </div>
      {event.raw && isOpen && <CopiedCode label={texts.packetOf(what)} text={event.raw.text} isWrapped />}
    </Line.Item>
  );
}
