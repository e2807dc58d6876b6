import { useTexts } from "../../i18n/language.tsx";
import { messages } from "./messages.ts";

/** The colours of the results, by their names in the theme: each keeps its own in every chart and badge. */
const COLORS: Record<string, string> = {
  NormalEnd: "teal",
  NotAnswer: "yellow",
  Reject: "red",
  CallBusy: "orange",
  Cancel: "gray",
  Offline: "blue",
  Interrupt: "grape",
};

/** The colour of a result; one of its own for what this version does not know. */
export function resultColor(result: string): string {
  return COLORS[result] ?? "pink";
}

/** The results that can be asked for. */
export const knownResults = Object.keys(COLORS);

/** How words of the service are said in the page's language: those without a translation as they are. */
export function useWords(): Record<"result" | "type" | "media", (word: string) => string> {
  const { results, types, medias } = useTexts(messages);
  const say = (words: Record<string, string>) => (word: string) => words[word] ?? word;
  return { result: say(results), type: say(types), media: say(medias) };
}
