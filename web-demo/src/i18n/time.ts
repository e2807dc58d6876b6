import { useMemo } from "react";
import { type Language, useLanguage } from "./language.tsx";

/** How moments and durations are said in the page's language, in the viewer's time zone. */
export interface Times {
  /** Date and time to the second, with the time zone. The moment is in Unix milliseconds. */
  full(moment: number): string;
  /** Day and time to the second. The moment is in Unix milliseconds. */
  brief(moment: number): string;
  /** Date and time to the millisecond, with the time zone. In Unix milliseconds. */
  exact(moment: number): string;
  /** The time of day to the millisecond. In Unix milliseconds. */
  clock(moment: number): string;
  /** Day and time to the minute. The moment is in Unix milliseconds. */
  short(moment: number): string;
  /** A day. */
  day(date: Date): string;
  /** How far a moment is from another, such as "in 3 hours". In Unix milliseconds. */
  relative(moment: number, now: number): string;
  /** A number of seconds, in the two largest units that it has. */
  duration(seconds: number): string;
  /** A number. */
  number(value: number): string;
  /** A part of a whole, from 0 to 1. */
  percent(value: number): string;
}

/** How moments are said. A moment that no calendar holds is said as the number it is. */
export function useTimes(): Times {
  const { language } = useLanguage();
  return useMemo(() => timesIn(language), [language]);
}

function timesIn(language: Language): Times {
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(language, options);
    return (moment: number) =>
      Math.abs(moment) <= LAST_MOMENT ? format.format(moment) : String(moment);
  };
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  const full = date({ year: "numeric", month: "short", day: "numeric", ...clock, timeZoneName: "short" });
  const brief = date({ month: "short", day: "numeric", ...clock });
  const exact = date({ year: "numeric", month: "short", day: "numeric", ...clock, fractionalSecondDigits: 3, timeZoneName: "short" });
  const toTheMillisecond = date({ ...clock, fractionalSecondDigits: 3 });
  const short = date({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
  const day = date({ month: "short", day: "numeric" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const units = DURATIONS.map(({ unit, seconds }) => ({
    seconds,
    format: new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }),
  }));

  return {
    full,
    brief,
    exact,
    clock: toTheMillisecond,
    short,
    day: (value) => day(value.getTime()),
    relative(moment, now) {
      const seconds = Math.round((moment - now) / 1000);
      const { unit, seconds: length } = atMost(Math.abs(seconds));
      return relative.format(Math.round(seconds / length), unit);
    },
    duration(seconds) {
      let rest = Math.round(seconds);
      const parts: string[] = [];
      for (const { seconds: length, format } of units) {
        const count = Math.floor(rest / length);
        rest -= count * length;
        if (count > 0) parts.push(format.format(count));
        else if (parts.length > 0) break;
        if (parts.length === 2) break;
      }
      return parts.join(" ") || (units.at(-1)?.format.format(0) ?? "");
    },
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
  };
}

/** The largest `Date`, in milliseconds. */
const LAST_MOMENT = 8.64e15;

const DURATIONS = [
  { unit: "day", seconds: 86400 },
  { unit: "hour", seconds: 3600 },
  { unit: "minute", seconds: 60 },
  { unit: "second", seconds: 1 },
] as const;

const RELATIVES = [{ unit: "year", seconds: 31_557_600 }, ...DURATIONS] as const;

function atMost(seconds: number) {
  return RELATIVES.find((candidate) => seconds >= candidate.seconds) ?? RELATIVES[RELATIVES.length - 1]!;
}
