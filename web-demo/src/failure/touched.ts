import type { Problem } from "trtc-call";
import { useMemo, useState } from "react";
import { useWording } from "../wording/wording.ts";
import { isAt, problemText } from "./problems.ts";

/** Which problems to show: of fields that were filled in, and of all once somebody tried to send. */
export interface Shown {
  /** What to show beside that field. */
  of(field: string): string | undefined;
  /** The field was left or changed. */
  touch(field: string): void;
  /** How many are shown below that path. */
  count(field: string): number;
  showAll(): void;
  reset(): void;
}

let isPressed = false;
addEventListener("pointerdown", () => (isPressed = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (isPressed = false), true);

/** A field is left by pressing something else, which must not move away under the finger: problems wait until it is let go. */
function whenReleased(act: () => void) {
  if (isPressed) addEventListener("pointerup", () => setTimeout(act), { once: true });
  else act();
}

/** Holds problems back from who has not typed yet. */
export function useShownProblems(problems: readonly Problem[]): Shown {
  const wording = useWording();
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setIsAll] = useState(false);
  return useMemo(() => {
    const shown = isAll ? problems : problems.filter(({ field }) => [...touched].some((one) => isAt(field, one)));
    return {
      of: (field) => problemText(shown, field, wording),
      touch: (field) =>
        whenReleased(() => setTouched((before) => (before.has(field) ? before : new Set(before).add(field)))),
      count: (field) => shown.filter((problem) => isAt(problem.field, field)).length,
      showAll: () => setIsAll(true),
      reset() {
        setTouched(new Set());
        setIsAll(false);
      },
    };
  }, [problems, touched, isAll, wording]);
}
