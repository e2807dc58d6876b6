// What was given, before the core reads it as data.
import type { Problem } from "./errors.js";

/**
 * The same properties, with an empty object for each function: one that JSON loses would hide a mistake in its name.
 *
 * @internal
 */
export function withoutFunctions<Given extends object>(given: Given): Given {
  const shown = Object.entries(given).map(([name, value]) => [name, typeof value === "function" ? {} : value]);
  return Object.fromEntries(shown) as Given;
}

/**
 * The problems with what should be functions, where they are given.
 *
 * @internal
 */
export function functionProblems(given: Record<string, unknown>): Problem[] {
  return wrongTypes(given, "function", "a function");
}

/**
 * The problems with what should be `true` or `false`, where they are given.
 *
 * @internal
 */
export function flagProblems(given: Record<string, unknown>): Problem[] {
  return wrongTypes(given, "boolean", "true or false");
}

/**
 * The problems with clocks of whole Unix seconds, where they are given.
 *
 * @internal
 */
export function clockProblems(given: Record<string, (() => number) | undefined>): Problem[] {
  const problems = functionProblems(given);
  if (problems.length > 0) return problems;
  return Object.entries(given).flatMap(([field, clock]) => {
    const now = clock?.() ?? 0;
    if (Number.isSafeInteger(now) && now >= 0 && now < MILLISECONDS_OF_1973) return [];
    const rule = `must tell whole Unix seconds, not ${now}`;
    return [{ field, code: "not_whole", rule, fix: "make seconds of milliseconds: Math.floor(Date.now() / 1000)" }];
  });
}

/**
 * What tells seconds and milliseconds since 1970 apart: as seconds it is the year 5138.
 *
 * @internal
 */
export const MILLISECONDS_OF_1973 = 1e11;

function wrongTypes(given: Record<string, unknown>, type: string, wanted: string): Problem[] {
  return Object.entries(given)
    .filter(([, value]) => value !== undefined && typeof value !== type)
    .map(([field, value]): Problem => ({
      field,
      code: "wrong_type",
      parameters: { wanted, found: value === null ? "null" : typeof value },
      rule: `must be ${wanted}, not ${value === null ? "null" : `a ${typeof value}`}`,
      fix: "mend the value's type",
    }));
}
