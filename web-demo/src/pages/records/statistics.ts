import type { ListedRecord } from "trtc-call";

/** How often each result came on one day of the viewer's calendar. */
export interface Day {
  /** Midnight, local time. */
  date: Date;
  /** By result. */
  counts: ReadonlyMap<string, number>;
}

/** What the charts show. */
export interface Statistics {
  total: number;
  answered: number;
  /** The days, oldest first; those without a call too, unless a stray record is months away from the others. */
  days: Day[];
  /** The results that occur, the most frequent first. */
  results: string[];
  /** How long the phones rang before somebody answered. */
  answerTime: Spread;
  /** How long the answered calls lasted. */
  duration: Spread;
}

/** How durations spread. In seconds. */
export interface Spread {
  /** Half took longer; `null` where there is nothing to tell. */
  median: number | null;
  bars: { from: number; to: number | null; count: number }[];
}

/** Where the bars of a chart begin, in seconds: narrow where most calls are. */
const ANSWER_TIME_BARS = [0, 5, 10, 15, 20, 30, 45, 60];
const DURATION_BARS = [0, 10, 30, 60, 180, 300, 600, 1800];

export function statisticsOf(records: readonly ListedRecord[]): Statistics {
  const answered = records.filter(({ wasAnswered }) => wasAnswered);
  const perResult = count(records.map(({ result }) => result));
  return {
    total: records.length,
    answered: answered.length,
    days: daysOf(records),
    results: [...perResult].sort((a, b) => b[1] - a[1]).map(([result]) => result),
    answerTime: spreadOf(answered.flatMap(secondsToAnswer), ANSWER_TIME_BARS),
    duration: spreadOf(answered.flatMap(secondsOfTalk), DURATION_BARS),
  };
}

/** How long the phones rang until somebody answered, in seconds; nothing for a call that nobody answered. */
export function secondsToAnswer({ startTime, acceptTime }: ListedRecord): [] | [number] {
  return acceptTime === null ? [] : [Math.max(0, acceptTime - startTime)];
}

/** How long an answered call lasted, in seconds. */
export function secondsOfTalk({ acceptTime, endTime }: ListedRecord): [] | [number] {
  return acceptTime === null ? [] : [Math.max(0, endTime - acceptTime)];
}

function daysOf(records: readonly ListedRecord[]): Day[] {
  const byDay = new Map<number, string[]>();
  for (const { startTime, result } of records) {
    const day = new Date(startTime * 1000).setHours(0, 0, 0, 0);
    const results = byDay.get(day);
    if (results) results.push(result);
    else byDay.set(day, [result]);
  }
  const occurring = [...byDay.keys()].sort((a, b) => a - b);
  return calendar(occurring).map((day) => ({
    date: new Date(day),
    counts: count(byDay.get(day) ?? []),
  }));
}

/** The midnights from the first to the last. */
function calendar(occurring: number[]): number[] {
  const [first, last] = [occurring[0], occurring.at(-1)];
  if (first === undefined || last === undefined || last - first > MONTH) return occurring;
  const days: number[] = [];
  // A day is not always 24 hours long.
  for (const date = new Date(first); date.getTime() <= last; date.setDate(date.getDate() + 1)) {
    days.push(date.getTime());
  }
  return days;
}

const MONTH = 31 * 24 * 60 * 60 * 1000;

function spreadOf(seconds: number[], starts: readonly number[]): Spread {
  const sorted = seconds.toSorted((a, b) => a - b);
  const bars = starts.map((from, index) => {
    const to = starts[index + 1] ?? null;
    const isInside = (value: number) => value >= from && (to === null || value < to);
    return { from, to, count: sorted.filter(isInside).length };
  });
  return { median: sorted[Math.floor(sorted.length / 2)] ?? null, bars };
}

function count(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
