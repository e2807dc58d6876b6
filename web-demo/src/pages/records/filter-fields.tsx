import { Select, TextInput } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useMediaQuery } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import dayjs from "dayjs";
import type { RecordFilter } from "trtc-call";
import { failureOf } from "../../backend/failure.ts";
import { problemText } from "../../failure/problems.ts";
import { useWording } from "../../wording/wording.ts";
import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";
import classes from "./records.module.css";
import { knownResults, useWords } from "./results.ts";

/** A filter as it is chosen: times as the date picker writes them, in local time. */
export interface TypedFilter {
  result: string | null;
  callType: string | null;
  from: string | null;
  to: string | null;
}

export const NO_FILTER: TypedFilter = { result: null, callType: null, from: null, to: null };

/** The fields that show their problems themselves. */
export const shownFields = ["startTime", "endTime", "result", "callType"];

/** The filter as the package takes it. */
export function filterOf({ result, callType, from, to }: TypedFilter): RecordFilter {
  const seconds = (time: string) => dayjs(time).unix();
  return {
    ...(result && { result }),
    ...(callType && { callType }),
    ...(from && { startTime: seconds(from) }),
    ...(to && { endTime: seconds(to) }),
  };
}

/** What to list, and what to look for in it. */
export function FilterFields({
  typed,
  onChange,
  search,
  onSearch,
  error,
}: {
  typed: TypedFilter;
  onChange(typed: TypedFilter): void;
  search: string;
  onSearch(search: string): void;
  error: unknown;
}) {
  const t = useTexts(messages);
  const words = useWords();
  const wording = useWording();
  const isWide = useMediaQuery("(min-width: 48em)", true, { getInitialValueInEffect: false });
  const problems = error === undefined ? [] : (failureOf(error).problems ?? []);
  const clock = (time: dayjs.Dayjs) => time.format("YYYY-MM-DD HH:mm:ss");
  const time = {
    clearable: true,
    valueFormat: "YYYY-MM-DD HH:mm",
    weekendDays: [],
    hideOutsideDates: true,
    previousLabel: t.previousMonth,
    nextLabel: t.nextMonth,
    submitButtonProps: { "aria-label": t.take },
    timePickerProps: { hoursInputLabel: t.hours, minutesInputLabel: t.minutes },
    // Its dialog would have no name, and outside of the page's landmarks it would need one.
    popoverProps: { withRoles: false, withinPortal: false },
    // On a phone they would push the calendar off the screen.
    ...(isWide && {
      presets: [
        { value: clock(dayjs().subtract(1, "hour")), label: t.lastHour },
        { value: clock(dayjs().startOf("day")), label: t.today },
        { value: clock(dayjs().subtract(1, "day")), label: t.lastDay },
      ],
    }),
  };

  return (
    <section className={classes.filter} aria-label={t.filter}>
      <TextInput
        className={classes.search}
        type="search"
        label={t.search}
        placeholder={t.searchHint}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <Select
        label={t.result}
        placeholder={t.anyResult}
        clearable
        value={typed.result}
        error={problemText(problems, "result", wording)}
        data={knownResults.map((result) => ({ value: result, label: words.result(result) }))}
        onChange={(result) => onChange({ ...typed, result })}
      />
      <Select
        label={t.type}
        placeholder={t.anyType}
        clearable
        value={typed.callType}
        error={problemText(problems, "callType", wording)}
        data={["SingleCall", "MultiCall"].map((type) => ({ value: type, label: words.type(type) }))}
        onChange={(callType) => onChange({ ...typed, callType })}
      />
      <DateTimePicker
        {...time}
        label={t.from}
        placeholder={t.earliest}
        value={typed.from}
        error={problemText(problems, "startTime", wording)}
        onChange={(from) => onChange({ ...typed, from })}
      />
      <DateTimePicker
        {...time}
        label={t.to}
        placeholder={t.latest}
        value={typed.to}
        error={problemText(problems, "endTime", wording)}
        onChange={(to) => onChange({ ...typed, to })}
      />
    </section>
  );
}
