import { useMemo } from "react";
import { useTimes } from "../i18n/time.ts";
import type { Say } from "./problem-words.ts";

/** How numbers and times are said within sentences. */
export function useSay(): Say {
  const times = useTimes();
  return useMemo(
    () => ({
      number: (value) => times.number(Number(value)),
      amount: (value, unit) => (unit === "ms" ? times.duration(Number(value) / 1000) : times.number(Number(value))),
      moment: (seconds) => times.brief(Number(seconds) * 1000),
    }),
    [times],
  );
}
