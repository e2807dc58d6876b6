import { Alert, Button, Group, Progress, Stack, Tabs, Text } from "@mantine/core";
import { IconChartBar, IconDownload, IconRefresh, IconTable } from "@tabler/icons-react";
import { lazy, Suspense, useDeferredValue, useMemo } from "react";
import { type ListedRecord, recordsToCsv } from "trtc-call";
import { useLocation, useRoute } from "wouter";
import { failureOf } from "../../backend/failure.ts";
import { FailureAlert } from "../../failure/failure-alert.tsx";
import { isAt } from "../../failure/problems.ts";
import { useQueryValue, withSameQuery } from "../../frame/address.ts";
import { frameMessages } from "../../frame/messages.ts";
import { PageTitle } from "../../frame/page-title.tsx";
import { LocalDates } from "../../i18n/dates.tsx";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { FilterFields, filterOf, NO_FILTER, shownFields, type TypedFilter } from "./filter-fields.tsx";
import { type Listing, type ListingControls, useListing } from "./listing.ts";
import { messages } from "./messages.ts";
import { MakeSamples, NoMatch, NoRecords } from "./nothing.tsx";
import { RecordDrawer } from "./record-drawer.tsx";
import { RecordTable } from "./record-table.tsx";

const Charts = lazy(() => import("./charts.tsx"));

/** What became of calls. */
export default function Records() {
  const t = useTexts(messages);
  const { pages } = useTexts(frameMessages);
  const times = useTimes();
  const [, navigate] = useLocation();
  const [, open] = useRoute("/:callId");
  const [typed, setTyped] = useTypedFilter();
  const [search, setSearch] = useQueryValue("search");
  const [view, setView] = useQueryValue("view", "table");

  const listing = useListing(useMemo(() => filterOf(typed), [typed]));
  const words = useDeferredValue(search.trim().toLowerCase());
  const found = useMemo(
    () => listing.records.filter((record) => isFound(record, words)),
    [listing.records, words],
  );
  const opened = open ? listing.records.find(({ callId }) => callId === open.callId) : undefined;
  const isPlain = words === "" && Object.values(typed).every((value) => !value);

  return (
    <>
      <PageTitle title={pages.records}>{t.intro}</PageTitle>
      <Stack>
        <LocalDates>
          <FilterFields
            typed={typed}
            onChange={setTyped}
            search={search}
            onSearch={setSearch}
            error={listing.error}
          />
        </LocalDates>
        <Group justify="space-between">
          <Text role="status" fw={600}>
            {t.found(times.number(found.length))}
          </Text>
          <Group gap="xs">
            {!isPlain && (
              <Button
                variant="subtle"
                onClick={() => {
                  setTyped(NO_FILTER);
                  setSearch("");
                }}
              >
                {t.reset}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={listing.reload}
            >
              {t.refresh}
            </Button>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              disabled={found.length === 0 || listing.state === "loading"}
              onClick={() => save(recordsToCsv(found))}
            >
              {t.exportAll}
            </Button>
            {listing.records.length > 0 && <MakeSamples onMade={listing.reload} />}
          </Group>
        </Group>
        <LoadingState listing={listing} />
        {found.length > 0 && (
          <Tabs value={view} onChange={(chosen) => setView(chosen ?? "table")} keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="table" leftSection={<IconTable size={16} aria-hidden />}>
                {t.table}
              </Tabs.Tab>
              <Tabs.Tab value="charts" leftSection={<IconChartBar size={16} aria-hidden />}>
                {t.charts}
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="table">
              <RecordTable records={found} onOpen={(callId) => navigate(withSameQuery(`/${encodeURIComponent(callId)}`))} />
            </Tabs.Panel>
            <Tabs.Panel value="charts">
              <Suspense fallback={<Text role="status">{t.chartsLoading}</Text>}>
                <Charts records={found} />
              </Suspense>
            </Tabs.Panel>
          </Tabs>
        )}
        {found.length === 0 && listing.state === "complete" && (isPlain
          ? <NoRecords onMade={listing.reload} />
          : <NoMatch search={search.trim()} onAsk={(callId) => navigate(withSameQuery(`/${encodeURIComponent(callId)}`))} />)}
      </Stack>
      <RecordDrawer callId={open?.callId} known={opened} onClose={() => navigate(withSameQuery("/"))} />
    </>
  );
}

/** The filter, which stands in the address. */
function useTypedFilter(): [TypedFilter, (typed: TypedFilter) => void] {
  const [result, setResult] = useQueryValue("result");
  const [callType, setCallType] = useQueryValue("type");
  const [from, setFrom] = useQueryValue("from");
  const [to, setTo] = useQueryValue("to");
  const typed = useMemo(
    () => ({ result: result || null, callType: callType || null, from: from || null, to: to || null }),
    [result, callType, from, to],
  );
  return [
    typed,
    (next) => {
      setResult(next.result ?? "");
      setCallType(next.callType ?? "");
      setFrom(next.from ?? "");
      setTo(next.to ?? "");
    },
  ];
}

/** How far the loading has come, and what to do when it does not go on. */
function LoadingState({ listing }: { listing: Listing & ListingControls }) {
  const t = useTexts(messages);
  const times = useTimes();
  const { state, records, total } = listing;
  const [count, all] = [times.number(records.length), times.number(total ?? 0)];
  if (state === "complete") return null;
  if (state === "loading") {
    return (
      <Group wrap="nowrap">
        <Stack gap={4} flex={1}>
          <Text size="sm">{total === null ? t.starting : t.loading(count, all)}</Text>
          <Progress
            value={total ? (100 * records.length) / total : 0}
            aria-label={t.starting}
          />
        </Stack>
        <Button variant="default" onClick={listing.stop}>
          {t.stop}
        </Button>
      </Group>
    );
  }
  const problems = state === "failed" ? (failureOf(listing.error).problems ?? []) : [];
  // The fields say it all.
  if (problems.length > 0 && problems.every(({ field }) => isShown(field))) return null;
  const isPart = total !== null && records.length > 0;
  return (
    <Stack align="flex-start">
      {state === "failed" && <FailureAlert error={listing.error} shown={isShown} />}
      {isPart && <Alert color="blue">{t.incomplete(count, all)}</Alert>}
      <Button onClick={listing.goOn}>{isPart ? t.goOn : t.refresh}</Button>
    </Stack>
  );
}

/** Whether a field shows its problem itself. */
function isShown(path: string): boolean {
  return shownFields.some((field) => isAt(path, field));
}

function isFound({ callId, caller, members, room }: ListedRecord, words: string): boolean {
  if (words === "") return true;
  return [callId, caller, ...members, room ?? ""].some((text) => String(text).toLowerCase().includes(words));
}

/** Has the browser save a file, with the byte order mark that makes Excel read UTF-8. */
function save(csv: string) {
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `trtc-call-records-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
