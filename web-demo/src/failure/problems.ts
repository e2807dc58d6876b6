import type { Problem } from "trtc-call";
import type { Wording } from "../wording/wording.ts";

/**
 * What to show beside a field: the problems of that path and of everything below it, such as `callees[2]` for
 * `callees`. Nothing when there are none, as the inputs expect.
 */
export function problemText(problems: readonly Problem[], field: string, wording: Wording): string | undefined {
  const found = problems.filter((problem) => isAt(problem.field, field));
  if (found.length === 0) return undefined;
  const lines = found.map((problem) => {
    const item = wording.item(problem.field, field);
    return item ? `${item}: ${wording.problem(problem)}` : wording.problem(problem);
  });
  return [...new Set(lines)].join("\n");
}

/** Whether a path is that field or below it; everything is below the empty one. */
export function isAt(path: string, field: string): boolean {
  if (field === "") return true;
  if (!path.startsWith(field)) return false;
  const next = path[field.length];
  return next === undefined || next === "." || next === "[";
}
