import type { AdviceCode } from "trtc-call";
import type { Parameters, Say } from "./problem-words.ts";

/** What advice can be about: what the package knows, and what it tells of records. */
type Code = AdviceCode | "start_time_moved" | "records_gone" | "no_record_yet";

/** A sentence for each kind of advice. */
export type AdviceWords = Record<Code, (parameters: Parameters, say: Say, vendor: string) => string>;
