import "mantine-datatable/styles.css";
import { Anchor, Badge, Text } from "@mantine/core";
import { DataTable } from "mantine-datatable";
import { useMemo, useState } from "react";
import type { ListedRecord } from "trtc-call";
import { frameMessages } from "../../frame/messages.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { messages } from "./messages.ts";
import classes from "./records.module.css";
import { resultColor, useWords } from "./results.ts";
import { type Sort, SortHeader } from "./sort-header.tsx";
import { secondsOfTalk, secondsToAnswer } from "./statistics.ts";

/** Records in rows: sorted as a whole, shown a page at a time. */
export function RecordTable({
  records,
  onOpen,
}: {
  records: readonly ListedRecord[];
  onOpen(callId: string): void;
}) {
  const t = useTexts(messages);
  const { pages } = useTexts(frameMessages);
  const words = useWords();
  const times = useTimes();
  const [sort, setSort] = useState<Sort>({ by: "startTime", direction: "desc" });
  const [wantedPage, setPage] = useState(1);
  const [pageSize, setPageSize] = useState<number>(25);
  const sorted = useMemo(() => sortedBy(records, sort), [records, sort]);
  // Fewer records have fewer pages.
  const page = Math.min(wantedPage, Math.max(1, Math.ceil(sorted.length / pageSize)));
  const shown = sorted.slice((page - 1) * pageSize, page * pageSize);

  const head = (by: string, title: string) => ({
    accessor: by,
    title: (
      <SortHeader
        title={title}
        by={by}
        sort={sort}
        onSort={(chosen) => {
          setSort(chosen);
          setPage(1);
        }}
      />
    ),
  });

  return (
    <DataTable
      withTableBorder
      borderRadius="md"
      striped
      verticalSpacing="sm"
      aria-label={pages.records}
      idAccessor="callId"
      records={shown}
      columns={[
        {
          ...head("startTime", t.started),
          noWrap: true,
          render: ({ startTime }) => times.short(startTime * 1000),
        },
        {
          accessor: "callId",
          title: t.callId,
          render: (record) => (
            <>
              <Anchor
                component="button"
                type="button"
                size="sm"
                aria-label={t.details(record.callId)}
                onClick={() => onOpen(record.callId)}
              >
                {record.callId.length > 12 ? `${record.callId.slice(0, 8)}…` : record.callId}
              </Anchor>
              <div className={classes.onPhones}>
                <Callees record={record} />
              </div>
            </>
          ),
        },
        {
          ...head("result", t.result),
          render: ({ result }) => (
            <Badge color={resultColor(result)} variant="light" tt="none" className={classes.badge}>
              {words.result(result)}
            </Badge>
          ),
        },
        { ...head("caller", t.caller), ...WIDE },
        { accessor: "members", title: t.members, ...WIDE, render: (record) => <Callees record={record} /> },
        {
          ...head("mediaType", t.media),
          ...WIDE,
          render: ({ mediaType }) => words.media(mediaType),
        },
        {
          ...head("callType", t.type),
          ...WIDE,
          noWrap: true,
          render: ({ callType }) => words.type(callType),
        },
        {
          ...head("acceptTime", t.answeredAfter),
          ...WIDE,
          noWrap: true,
          textAlign: "right",
          render: (record) => secondsToAnswer(record).map(times.duration).join("") || "–",
        },
        {
          ...head("endTime", t.duration),
          ...WIDE,
          noWrap: true,
          textAlign: "right",
          render: (record) => secondsOfTalk(record).map(times.duration).join("") || "–",
        },
      ]}
      totalRecords={sorted.length}
      recordsPerPage={pageSize}
      page={page}
      onPageChange={setPage}
      recordsPerPageOptions={[25, 50, 100]}
      onRecordsPerPageChange={(size) => {
        setPageSize(size);
        setPage(1);
      }}
      recordsPerPageLabel={t.perPage}
      paginationText={({ from, to, totalRecords }) =>
        `${times.number(from)}–${times.number(to)} / ${times.number(totalRecords)}`
      }
      getPaginationControlProps={(control) => ({ "aria-label": t[control] })}
      noRecordsText={t.noMatch}
    />
  );
}

/** Columns that a phone has no room for: a record's details have them all. */
const WIDE = { visibleMediaQuery: "(min-width: 48em)" };

function Callees({ record: { caller, members } }: { record: ListedRecord }) {
  const callees = members.filter((member) => member !== caller);
  return (
    <Text size="sm" lineClamp={2} title={callees.join(", ")}>
      {callees.join(", ")}
    </Text>
  );
}

/** What a column sorts by, where that is not the property itself. */
const KEYS: Record<string, (record: ListedRecord) => number> = {
  acceptTime: (record) => secondsToAnswer(record)[0] ?? -1,
  endTime: (record) => secondsOfTalk(record)[0] ?? -1,
};

function sortedBy(
  records: readonly ListedRecord[],
  { by, direction }: Sort,
): ListedRecord[] {
  const key = KEYS[by] ?? ((record) => record[by as keyof ListedRecord] as number | string);
  const sign = direction === "asc" ? 1 : -1;
  return records.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)];
    return a < b ? -sign : a > b ? sign : other.startTime - one.startTime;
  });
}
