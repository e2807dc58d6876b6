import "mantine-datatable/styles.css";
import { Anchor, Button, Code, Group, List, Paper, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconSearch } from "@tabler/icons-react";
import { DataTable } from "mantine-datatable";
import { useState } from "react";
import { useLocation, useRoute } from "wouter";
import type { LoggedRequest } from "../../backend/backend.ts";
import { Nothing } from "../../details/nothing.tsx";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { useQueryValue, withSameQuery } from "../../frame/address.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { Answer, CodeLink, hasFailed } from "./answer.tsx";
import { useRequestLog } from "./log.ts";
import { requestMessages } from "./messages.ts";
import { RequestDrawer } from "./request-drawer.tsx";
import classes from "./requests.module.css";

const PAGE_SIZE = 50;

/** Columns that a phone has no room for, and a tablet. Details have them all. */
const WIDE = { visibleMediaQuery: "(min-width: 48em)" };
const WIDER = { visibleMediaQuery: "(min-width: 62em)" };
const WIDEST = { visibleMediaQuery: "(min-width: 75em)" };

/** Every exchange with the service, to be searched and looked into. */
export default function RequestsPage() {
  const t = useTexts(requestMessages);
  const { pages } = useTexts(frameMessages);
  const times = useTimes();
  const [, navigate] = useLocation();
  const [, open] = useRoute("/:id");
  const [search, setSearch] = useQueryValue("search");
  const [show, setShow] = useQueryValue("show", "all");
  const [command, setCommand] = useQueryValue("command");
  const [isPaused, setIsPaused] = useState(false);
  const [wantedPage, setPage] = useState(1);
  const { requests, error, look } = useRequestLog(isPaused);

  const all = requests ?? [];
  const commands = [...new Set(all.map((one) => one.command))].sort();
  const found = all.filter(
    (one) => (show === "all" || hasFailed(one)) && (command === "" || one.command === command) && isFound(one, search),
  );
  const page = Math.min(wantedPage, Math.max(1, Math.ceil(found.length / PAGE_SIZE)));

  return (
    <>
      <PageTitle title={pages.requests}>{t.lead}</PageTitle>
      <Stack>
        {error !== null && <FailureAlert error={error} />}
        {requests === null && error === null && <Text role="status">{t.loading}</Text>}
        {requests?.length === 0 && <Nothing title={t.none} text={t.noneFix} />}
        {all.length > 0 && (
          <>
            <div className={classes.filter}>
              <TextInput
                type="search"
                label={t.search}
                placeholder={t.searchHint}
                leftSection={<IconSearch size={16} aria-hidden />}
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
              />
              <Select
                label={t.show}
                allowDeselect={false}
                value={show}
                onChange={(chosen) => setShow(chosen ?? "all")}
                data={[
                  { value: "all", label: t.all },
                  { value: "failed", label: t.failed },
                ]}
              />
              <Select
                label={t.command}
                allowDeselect={false}
                value={command}
                onChange={(chosen) => setCommand(chosen ?? "")}
                data={[{ value: "", label: t.anyCommand }, ...commands]}
              />
            </div>
            <Group justify="space-between">
              <Text role="status" fw={600}>
                {t.found(times.number(found.length))}
              </Text>
              <Group gap="xs">
                {isPaused && (
                  <Text size="sm" c="dimmed">
                    {t.paused}
                  </Text>
                )}
                <Button
                  variant="default"
                  leftSection={isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />}
                  onClick={() => setIsPaused(!isPaused)}
                >
                  {isPaused ? t.goOn : t.pause}
                </Button>
              </Group>
            </Group>
            <Groups failed={found.filter(hasFailed)} onChoose={setSearch} />
            {found.length === 0 ? (
              <Nothing title={t.noMatch} text={t.noMatchFix} />
            ) : (
              <DataTable
                withTableBorder
                borderRadius="md"
                striped
                verticalSpacing="xs"
                aria-label={pages.requests}
                idAccessor="id"
                records={found.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE)}
                columns={[
                  { accessor: "at", title: t.time, noWrap: true, ...WIDE, render: ({ at }) => times.clock(at) },
                  {
                    accessor: "command",
                    title: t.command,
                    render: (one) => (
                      <Anchor
                        component="button"
                        type="button"
                        size="sm"
                        ta="start"
                        aria-label={t.details(one.command, times.clock(one.at))}
                        onClick={() => navigate(withSameQuery(`/${one.id}`))}
                      >
                        {one.command}
                      </Anchor>
                    ),
                  },
                  { accessor: "status", title: t.answer, render: (one) => <Answer of={one} /> },
                  {
                    accessor: "tookMs",
                    title: t.took,
                    noWrap: true,
                    textAlign: "right",
                    ...WIDE,
                    render: ({ tookMs }) => t.tookMs(times.number(tookMs)),
                  },
                  { accessor: "attempt", title: t.attempt, textAlign: "right", ...WIDE },
                  { accessor: "callId", title: t.callId, noWrap: true, ...WIDER, render: ({ callId }) => shortened(callId) },
                  { accessor: "requestId", title: t.requestId, noWrap: true, ...WIDEST, render: ({ requestId }) => shortened(requestId) },
                ]}
                totalRecords={found.length}
                recordsPerPage={PAGE_SIZE}
                page={page}
                onPageChange={setPage}
                paginationText={({ from, to, totalRecords }) => `${from}–${to} / ${totalRecords}`}
                getPaginationControlProps={(control) =>
                  control === "next" || control === "previous" ? { "aria-label": t[control] } : {}
                }
              />
            )}
          </>
        )}
      </Stack>
      <RequestDrawer
        id={open ? Number(open.id) : null}
        onAgain={() => void look()}
        onClose={() => navigate(withSameQuery("/"))}
      />
    </>
  );
}

/** What failed, by its code: how often, and what it means. */
function Groups({ failed, onChoose }: { failed: readonly LoggedRequest[]; onChoose(code: string): void }) {
  const t = useTexts(requestMessages);
  const groups = new Map<string, { first: LoggedRequest; count: number }>();
  for (const one of failed) {
    const name = one.code ?? String(one.status);
    groups.set(name, { first: one, count: (groups.get(name)?.count ?? 0) + 1 });
  }
  if (groups.size === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label={t.groups}>
      <Text fw={600} size="sm" mb="xs">
        {t.groups}
      </Text>
      <List size="sm" spacing={4}>
        {[...groups].map(([name, { first, count }]) => (
          <List.Item key={name}>
            <Anchor component="button" type="button" size="sm" onClick={() => onChoose(name)}>
              <Code>{first.errorCode ?? name}</Code> {t.times(count)}
            </Anchor>
            {" · "}
            <CodeLink of={first} />
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

function shortened(id: string | null): string {
  return id === null ? "–" : id.length > 14 ? `${id.slice(0, 12)}…` : id;
}

function isFound({ command, callId, requestId, code, errorCode }: LoggedRequest, words: string): boolean {
  return [command, callId, requestId, code, errorCode].some((text) =>
    String(text ?? "").toLowerCase().includes(words.trim().toLowerCase()),
  );
}
