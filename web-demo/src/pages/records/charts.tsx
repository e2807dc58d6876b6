import { Paper, Stack, Table, Text, Title } from "@mantine/core";
import { type ReactNode, useId, useMemo } from "react";
import type { ListedRecord } from "trtc-call";
import { useTexts } from "../../i18n/language.tsx";
import { useTimes } from "../../i18n/time.ts";
import { BarChart, type Series } from "./bar-chart.tsx";
import { messages } from "./messages.ts";
import classes from "./records.module.css";
import { resultColor, useWords } from "./results.ts";
import { type Spread, statisticsOf } from "./statistics.ts";

/** How calls end, how soon they are answered, and how long they last. */
export default function Charts({ records }: { records: readonly ListedRecord[] }) {
  const t = useTexts(messages);
  const words = useWords();
  const times = useTimes();
  const statistics = useMemo(() => statisticsOf(records), [records]);
  const { total, answered, days, results, answerTime, duration } = statistics;
  const dash = (seconds: number | null) => (seconds === null ? "–" : times.duration(seconds));

  return (
    <Stack>
      <div className={classes.figures}>
        <Figure label={t.calls} value={times.number(total)} />
        <Figure label={t.answerRate} value={total === 0 ? "–" : times.percent(answered / total)} />
        <Figure label={t.medianAnswerTime} value={dash(answerTime.median)} />
        <Figure label={t.medianDuration} value={dash(duration.median)} />
      </div>
      <div className={classes.charts}>
        <Chart
          title={t.byDay}
          hint={t.byDayHint}
          head={t.day}
          labels={days.map(({ date }) => times.day(date))}
          series={results.map((result) => ({
            name: words.result(result),
            color: resultColor(result),
            values: days.map(({ counts }) => counts.get(result) ?? 0),
          }))}
        />
        <SpreadChart title={t.answerTime} hint={t.answerTimeHint} spread={answerTime} />
        <SpreadChart title={t.durations} hint={t.durationsHint} spread={duration} />
      </div>
    </Stack>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz="xl" fw={700}>
        {value}
      </Text>
    </Paper>
  );
}

function SpreadChart({ title, hint, spread }: { title: string; hint: string; spread: Spread }) {
  const t = useTexts(messages);
  const times = useTimes();
  const label = (from: number, to: number | null) =>
    to === null ? t.atLeast(times.duration(from)) : t.between(times.duration(from), times.duration(to));
  return (
    <Chart
      title={title}
      hint={hint}
      head={t.span}
      labels={spread.bars.map(({ from, to }) => label(from, to))}
      series={[{ name: t.count, color: "indigo", values: spread.bars.map(({ count }) => count) }]}
    />
  );
}

/** A chart, and the same numbers as a table for those who read them. */
function Chart({
  title,
  hint,
  head,
  labels,
  series,
}: {
  title: string;
  hint: string;
  head: string;
  labels: string[];
  series: Series[];
}): ReactNode {
  const t = useTexts(messages);
  const times = useTimes();
  const id = useId();
  const isEmpty = series.every(({ values }) => values.every((value) => value === 0));
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {hint}
      </Text>
      {isEmpty ? (
        <Text c="dimmed">{t.nothingToChart}</Text>
      ) : (
        <>
          <BarChart label={title} labels={labels} series={series} />
          <details className={classes.numbers}>
            <summary>{t.numbers}</summary>
            <Table.ScrollContainer minWidth={0} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
              <Table aria-label={title}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th scope="col">{head}</Table.Th>
                    {series.map(({ name }) => (
                      <Table.Th key={name} scope="col" ta="right">
                        {name}
                      </Table.Th>
                    ))}
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {labels.map((label, index) => (
                    <Table.Tr key={label}>
                      <Table.Th scope="row">{label}</Table.Th>
                      {series.map(({ name, values }) => (
                        <Table.Td key={name} ta="right">
                          {times.number(values[index] ?? 0)}
                        </Table.Td>
                      ))}
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </details>
        </>
      )}
    </Paper>
  );
}
