import { Button, Text, Timeline as Line } from "@mantine/core";
import { useEffect, useState } from "react";
import type { BoardCall, BoardEvent } from "../../backend/backend.ts";
import { useBackend } from "../../backend/context.tsx";
import { CopiedCode } from "../../code/copied-code.tsx";
import { pretty } from "../../code/pretty.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import classes from "./board.module.css";
import { useHappening } from "./happening.ts";
import { boardMessages } from "./messages.ts";

/** What happened in a call, with the packets that said so. */
export function Timeline({ call: { callId, events } }: { call: BoardCall }) {
  const texts = useTexts(boardMessages);
  return (
    <section className={`${classes.section} ${classes.timeline}`} aria-labelledby="timeline">
      <h2 id="timeline">{texts.timeline}</h2>
      <Text size="sm" c="dimmed" mb="md">
        {texts.timelineLead}
      </Text>
      <Line active={events.length} bulletSize={12} lineWidth={2} component="ol" className={classes.line ?? ""}>
        {events.map((event, index) => (
          <Event key={event.id} callId={callId} event={event} since={event.at - (events[index - 1]?.at ?? event.at)} />
        ))}
      </Line>
    </section>
  );
}

function Event({ callId, event, since }: { callId: string; event: BoardEvent; since: number }) {
  const texts = useTexts(boardMessages);
  const times = useTimes();
  const say = useHappening();
  const [isOpen, setIsOpen] = useState(false);
  const what = say(event);
  return (
    <Line.Item component="li">
      <div className={classes.event}>
        <Text size="xs" c="dimmed" className={classes.at ?? ""}>
          {times.clock(event.at)} <span className={classes.since}>{since > 0 && texts.delta(times.number(since))}</span>
        </Text>
        <Text size="sm">{what}</Text>
        {(event.raw ?? event.hasPacket) && (
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
      {isOpen && <Packet callId={callId} event={event} label={texts.packetOf(what)} />}
    </Line.Item>
  );
}

/** The stream tells of events without their packets, so one that is looked at is asked for. */
function Packet({ callId, event, label }: { callId: string; event: BoardEvent; label: string }) {
  const backend = useBackend();
  const [text, setText] = useState(event.raw?.text);
  const [error, setError] = useState<unknown>(null);
  const isMissing = text === undefined;
  useEffect(() => {
    if (!isMissing) return;
    let isCurrent = true;
    const show = ({ events }: BoardCall) => setText(events.find(({ id }) => id === event.id)?.raw?.text ?? "");
    backend.call(callId).then(
      (call) => isCurrent && show(call),
      (thrown) => isCurrent && setError(thrown),
    );
    return () => {
      isCurrent = false;
    };
  }, [backend, callId, event.id, isMissing]);
  if (error !== null) return <FailureAlert error={error} />;
  return text === undefined ? null : <CopiedCode label={label} text={pretty(text)} language="exchange" isWrapped />;
}
