import type { BoardEvent } from "../../backend/backend.ts";
import { useTexts } from "../../i18n/language.tsx";
import { useWords } from "../records/results.ts";
import { boardMessages } from "./messages.ts";

/** Says what happened, in the page's language where it has words for it. */
export function useHappening(): (event: BoardEvent) => string {
  const texts = useTexts(boardMessages);
  const { result } = useWords();
  return ({ kind, summary, userId = "" }) => {
    const happened: Record<string, (what: string, user: string) => string> = texts.happened;
    const what = kind === "ended" ? result(summary) : summary;
    return happened[kind]?.(what, userId) ?? ([userId, summary].filter(Boolean).join(": ") || kind);
  };
}
