import { Alert, Button, SegmentedControl, Text } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useBoard } from "../../board/board-store.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { Announcer } from "./announcer.tsx";
import classes from "./board.module.css";
import { CallCard } from "./call-card.tsx";
import { EmulatedTime } from "./emulated-time.tsx";
import { boardMessages } from "./messages.ts";
import { useNow } from "./now.ts";

/** How many calls are drawn at first, and with each "more". */
const PAGE = 50;

/** All calls, the newest first, those that go on before all others. */
export function CallList() {
  const texts = useTexts(boardMessages);
  const frame = useTexts(frameMessages);
  const { calls, connection, error, isLoaded, settings } = useBoard();
  const [isActiveOnly, setIsActiveOnly] = useState(false);
  const [limit, setLimit] = useState(PAGE);
  const active = calls.filter(({ state }) => state !== "ended");
  const now = useNow(active.length > 0);
  const shown = isActiveOnly ? active : [...active, ...calls.filter(({ state }) => state === "ended")];

  return (
    <>
      <PageTitle title={frame.pages.board}>{texts.lead}</PageTitle>
      <Announcer calls={calls} />
      {connection === "lost" && isLoaded && (
        <Alert color="orange" mb="md" role="alert">
          {texts.stale}
        </Alert>
      )}
      {error !== null && <FailureAlert error={error} />}
      {error === null && !isLoaded && <Text role="status">{texts.loading}</Text>}
      {isLoaded && (
        <>
          <div className={classes.tools}>
            <SegmentedControl
              aria-label={texts.show}
              value={isActiveOnly ? "active" : "all"}
              onChange={(value) => setIsActiveOnly(value === "active")}
              data={[
                { value: "all", label: texts.all(calls.length) },
                { value: "active", label: texts.active(active.length) },
              ]}
            />
            <EmulatedTime />
          </div>
          {shown.length === 0 ? (
            <Empty isFiltered={calls.length > 0} isReceiving={settings?.webhooks.receiving ?? true} />
          ) : (
            <ul className={classes.list}>
              {shown.slice(0, limit).map((call) => (
                <li key={call.callId}>
                  <CallCard call={call} now={now} />
                </li>
              ))}
            </ul>
          )}
          {shown.length > limit && (
            <Button variant="default" mt="md" onClick={() => setLimit(limit + PAGE)}>
              {texts.more}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function Empty({ isFiltered, isReceiving }: { isFiltered: boolean; isReceiving: boolean }) {
  const texts = useTexts(boardMessages);
  if (isFiltered) return <Text c="dimmed">{texts.emptyActive}</Text>;
  return (
    <div className={classes.empty}>
      <IconPhoneOutgoing size={40} stroke={1.25} aria-hidden />
      <h2>{texts.emptyTitle}</h2>
      <Text c="dimmed" maw={460}>
        {texts.empty}
      </Text>
      {!isReceiving && (
        <Text c="dimmed" size="sm" maw={460}>
          {texts.webhooksOff}
        </Text>
      )}
      <Button component={Link} href="~/">
        {texts.place}
      </Button>
    </div>
  );
}
