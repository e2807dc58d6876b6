import { explainErrorCode } from "trtc-call";
import type { Failure } from "../backend/failure.ts";
import { useTexts } from "../i18n/language.tsx";
import { errorCodeWords } from "./error-codes.ts";
import { refusalWords } from "./refusals.ts";

/** What a failure comes down to, each thing once. */
export interface FailureText {
  /** What happened. */
  what: string;
  /** What to do about it, where there is more to say. */
  toDo: string | null;
  /** The service's own words, where it has any. */
  quoted: string | null;
}

/** Says failures in the page's language. */
export function useFailureText(): (failure: Failure) => FailureText {
  const refusals: Record<string, string> = useTexts(refusalWords);
  const words = useTexts(errorCodeWords);
  return ({ kind, code, message, whatToDo = null, errorCode, errorInfo }) => {
    if (kind !== "server") return { what: refusals[code] ?? message, toDo: null, quoted: null };
    const entry = typeof errorCode === "number" ? explainErrorCode(errorCode) : null;
    const what = words.meaning[code] ?? entry?.meaning ?? message;
    return { what: sentence(what), toDo: sentence(words.whatToDo[code] ?? whatToDo), quoted: errorInfo || null };
  };
}

/** Says what a ring of a ledger failed with, whose code is one of the service's or of the way there. */
export function useRingFailure(): (failure: { code: string; message: string }) => string {
  const refusals: Record<string, string> = useTexts(refusalWords);
  const words = useTexts(errorCodeWords);
  return ({ code, message }) => sentence(refusals[code] ?? words.meaning[code] ?? message);
}

/** The catalogue's parts of a sentence, as a sentence. */
function sentence(part: string): string;
function sentence(part: string | null): string | null;
function sentence(part: string | null): string | null {
  if (!part) return null;
  const text = part[0]?.toUpperCase() + part.slice(1);
  return /[.。]$/.test(text) ? text : /[\u3000-\u9fff]$/.test(text) ? `${text}。` : `${text}.`;
}
