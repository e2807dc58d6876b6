import { Alert, Button, SegmentedControl, Text, TextInput } from "@mantine/core";
import { IconPhoneOutgoing, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import type { BoardCall } from "../../backend/backend.ts";
import { useBoard } from "../../board/board-store.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useQueryValue } from "../../frame/address.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { Announcer } from "./announcer.tsx";
import classes from "./board.module.css";
import { CallCard } from "./call-card.tsx";
import { CallTable } from "./call-table.tsx";
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
  const [show, setShow] = useQueryValue("show", "all");
  const [layout, setLayout] = useQueryValue("as", "cards");
  const [search, setSearch] = useQueryValue("search");
  const isActiveOnly = show === "active";
  const [limit, setLimit] = useState(PAGE);
  const active = calls.filter(({ state }) => state !== "ended");
  const now = useNow(active.length > 0);
  const listed = isActiveOnly ? active : [...active, ...calls.filter(({ state }) => state === "ended")];
  const shown = listed.filter((call) => isFound(call, search.trim().toLowerCase()));
  const isMissingWebhooks = settings?.missing.some(({ what }) => what === "webhooks") ?? false;

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
              value={show}
              onChange={setShow}
              data={[
                { value: "all", label: texts.all(calls.length) },
                { value: "active", label: texts.active(active.length) },
              ]}
            />
            <SegmentedControl
              aria-label={texts.layout}
              value={layout}
              onChange={setLayout}
              data={[
                { value: "cards", label: texts.cards },
                { value: "table", label: texts.table },
              ]}
            />
            <TextInput
              type="search"
              className={classes.search ?? ""}
              aria-label={texts.search}
              placeholder={texts.searchHint}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <EmulatedTime />
          </div>
          {shown.length === 0 ? (
            listed.length > 0 ? (
              <Text c="dimmed">{texts.noMatch}</Text>
            ) : (
              <Empty isFiltered={calls.length > 0} isReceiving={!isMissingWebhooks} />
            )
          ) : layout === "table" ? (
            <CallTable calls={shown.slice(0, limit)} now={now} />
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

function isFound({ callId, robot, room, members }: BoardCall, words: string): boolean {
  if (words === "") return true;
  const names = [callId, robot ?? "", String(room ?? ""), ...members.map(({ userId }) => userId)];
  return names.some((name) => name.toLowerCase().includes(words));
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
