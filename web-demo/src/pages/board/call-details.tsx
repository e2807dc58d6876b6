import { Alert, Anchor, Button, Table, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { BoardCall } from "../../backend/backend.ts";
import { useBoard, useBoardStore } from "../../board/board-store.tsx";
import { CallLinks } from "../../details/call-links.tsx";
import { Id } from "../../details/id.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { Announcer } from "./announcer.tsx";
import { useWords } from "../records/results.ts";
import { Bars } from "./bars.tsx";
import classes from "./board.module.css";
import { CallAgain } from "./call-again.tsx";
import { Room } from "./call-card.tsx";
import { EmulatedTime } from "./emulated-time.tsx";
import { EndButton } from "./end-button.tsx";
import { boardMessages } from "./messages.ts";
import { useNow } from "./now.ts";
import { CallStateBadge, MemberBadge } from "./state-badges.tsx";
import { Timeline } from "./timeline.tsx";

/** One call, with everything that is known of it. */
export function CallDetails({ callId }: { callId: string }) {
  const texts = useTexts(boardMessages);
  const store = useBoardStore();
  const { calls, isLoaded, error } = useBoard();
  const [isUnknown, setIsUnknown] = useState(false);
  const call = calls.find((known) => known.callId === callId);
  const isMissing = isLoaded && call === undefined;
  useEffect(() => {
    if (isMissing) void store.find(callId).then((isFound) => setIsUnknown(!isFound));
  }, [store, callId, isMissing]);
  return (
    <>
      <Anchor component={Link} href="/" size="sm" className={classes.back ?? ""}>
        <IconArrowLeft size={16} aria-hidden /> {texts.back}
      </Anchor>
      {call ? <Known call={call} /> : error !== null ? <FailureAlert error={error} /> : isUnknown ? <Unknown /> : <Waiting />}
    </>
  );
}

function Waiting() {
  const texts = useTexts(boardMessages);
  return <Text role="status">{texts.loading}</Text>;
}

function Unknown() {
  const texts = useTexts(boardMessages);
  return (
    <>
      <PageTitle title={texts.noCall}>{texts.noCallFix}</PageTitle>
      <Button component={Link} href="~/records" variant="default">
        {texts.records}
      </Button>
    </>
  );
}

function Known({ call }: { call: BoardCall }) {
  const texts = useTexts(boardMessages);
  const { connection } = useBoard();
  const now = useNow(call.state !== "ended");
  return (
    <>
      <PageTitle title={texts.callTo(call.members.map(({ userId }) => userId).join(", "))} />
      <Announcer calls={[call]} />
      {connection === "lost" && (
        <Alert color="orange" mb="md" role="alert">
          {texts.stale}
        </Alert>
      )}
      <div className={classes.tools}>
        <div className={classes.actions}>
          <CallStateBadge call={call} />
          {call.state !== "ended" && <EndButton call={call} size="sm" />}
          <CallAgain call={call} />
          <CallLinks callId={call.callId} from="board" />
        </div>
        <EmulatedTime />
      </div>
      <div className={classes.details}>
        <Members call={call} now={now} />
        <Facts call={call} />
        <Timeline call={call} />
      </div>
    </>
  );
}

function Members({ call, now }: { call: BoardCall; now: number }) {
  const { members } = call;
  const texts = useTexts(boardMessages);
  const times = useTimes();
  return (
    <section className={classes.section} aria-labelledby="members">
      <h2 id="members">{texts.members}</h2>
      <Bars call={call} now={now} />
      <Table.ScrollContainer minWidth={280}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.user}</Table.Th>
              <Table.Th>{texts.memberState}</Table.Th>
              <Table.Th>{texts.since}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {members.map(({ userId, state, at }) => (
              <Table.Tr key={userId}>
                <Table.Td>{userId}</Table.Td>
                <Table.Td className={classes.state ?? ""}>
                  <MemberBadge state={state} />
                </Table.Td>
                <Table.Td>{times.brief(at)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function Facts({ call }: { call: BoardCall }) {
  const texts = useTexts(boardMessages);
  const times = useTimes();
  const words = useWords();
  const facts: (readonly [string, React.ReactNode])[] = [
    [texts.callId, <Id key="id" of={call.callId} />],
    ...(call.robot ? ([[texts.robot, call.robot]] as const) : []),
    ...(call.media ? ([[texts.media, texts[call.media]]] as const) : []),
    [texts.room, <Room key="room" call={call} isWhole />],
    [texts.started, times.exact(call.startedAt)],
  ];
  if (call.endedAt) facts.push([texts.ended, times.exact(call.endedAt)]);
  if (call.result) facts.push([texts.result, words.result(call.result)]);
  if (call.playing) facts.push([texts.playingLabel, `${texts.playing[call.playing.state]}: ${call.playing.streamUrl}`]);
  return (
    <section className={classes.section} aria-labelledby="facts">
      <h2 id="facts">{texts.facts}</h2>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
