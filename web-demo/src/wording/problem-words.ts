import type { Problem, ProblemCode } from "trtc-call";

/** How numbers and times are said. */
export interface Say {
  number(value: unknown): string;
  /** A number with its unit: milliseconds as the times that people say. */
  amount(value: unknown, unit: unknown): string;
  /** A moment in Unix seconds. */
  moment(seconds: unknown): string;
}

/** What a problem is about. */
export type Parameters = NonNullable<Problem["parameters"]> & { rule?: string };

/** A sentence for each kind of problem: one that is missing is a type error. */
export type ProblemWords = Record<ProblemCode, (parameters: Parameters, say: Say) => string>;
