import { Badge, Button, Text } from "@mantine/core";
import { IconPhone, IconVideo } from "@tabler/icons-react";
import { Link } from "wouter";
import type { BoardCall } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { useWords } from "../records/results.ts";
import classes from "./board.module.css";
import { EndButton } from "./end-button.tsx";
import { boardMessages } from "./messages.ts";
import { CallStateBadge, MemberBadge } from "./state-badges.tsx";

/** A call in the list. */
export function CallCard({ call, now }: { call: BoardCall; now: number }) {
  const texts = useTexts(boardMessages);
  const names = call.members.map(({ userId }) => userId).join(", ");
  const Icon = call.media === "video" ? IconVideo : IconPhone;
  return (
    <article className={classes.card} aria-label={texts.callTo(names)} data-state={call.state}>
      <div className={classes.head}>
        <Icon size={22} stroke={1.75} role="img" aria-label={call.media ? texts[call.media] : texts.call} />
        <div className={classes.names}>
          <Text fw={650} truncate>
            {call.members.length > 3 ? texts.group(call.members.length) : names}
          </Text>
          <Text size="xs" c="dimmed">
            {call.robot && `${texts.from(call.robot)} · `}
            <Room call={call} /> · <Lasts call={call} now={now} />
          </Text>
        </div>
        <CallStateBadge call={call} />
      </div>
      <ul className={classes.members}>
        {call.members.map(({ userId, state }) => (
          <li key={userId}>
            <MemberBadge userId={userId} state={state} />
          </li>
        ))}
        {call.playing && (
          <li>
            <Badge variant="light" color={call.playing.state === "failed" ? "red" : "grape"}>
              {texts.playing[call.playing.state]}
            </Badge>
          </li>
        )}
      </ul>
      <div className={classes.actions}>
        <Button
          component={Link}
          href={`/${encodeURIComponent(call.callId)}`}
          variant="default"
          size="xs"
          aria-label={texts.detailsOf(names)}
        >
          {texts.details}
        </Button>
        {call.state !== "ended" && <EndButton call={call} />}
      </div>
    </article>
  );
}

/** Names of rooms that the console makes up for a stream, and a ledger for a ring. */
const MADE_UP = /^(console-[0-9a-f-]{32,36}|ring-[0-9a-f]{40})$/;

/** The room, with its kind, which its name alone does not tell. */
export function Room({ call: { room }, isWhole = false }: { call: BoardCall; isWhole?: boolean }) {
  const texts = useTexts(boardMessages);
  if (room === null || room === undefined || room === "") return texts.noRoom;
  if (typeof room === "string" && MADE_UP.test(room)) return isWhole ? texts.ownRoomNamed(room) : texts.ownRoom;
  return typeof room === "number" ? texts.numericRoom(String(room)) : texts.stringRoom(room);
}

/** How long it has rung or lasted: of an answered call the time in which people talked, as its record has it. */
export function Lasts({ call: { state, startedAt, answeredAt, endedAt, talkSeconds, result }, now }: { call: BoardCall; now: number }) {
  const texts = useTexts(boardMessages);
  const times = useTimes();
  const words = useWords();
  if (state === "ended") {
    const talked = talkSeconds ?? (answeredAt && endedAt ? (endedAt - answeredAt) / 1000 : null);
    const rang = endedAt ? texts.rang(times.duration((endedAt - startedAt) / 1000)) : "";
    const lasted = talked === null ? rang : texts.lasted(times.duration(talked));
    return [result && words.result(result), lasted, times.brief(startedAt)].filter(Boolean).join(" · ");
  }
  // The emulator's clock may be ahead.
  const time = times.duration(Math.max(0, now - ((state === "in_call" && answeredAt) || startedAt)) / 1000);
  return state === "ringing" ? texts.ringsFor(time) : texts.lastsFor(time);
}
