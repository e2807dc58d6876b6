import { type Draft, emptyDraft } from "./draft.ts";

// What was typed outlives a look at another page and a reload, and ends with the tab.
const KEY = "trtc-call-console.draft";

/** The draft of this tab, if there is one. */
export function keptDraft(): Draft | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    // One of an earlier version may lack what is new.
    return kept === null ? undefined : { ...emptyDraft(), ...(kept as Draft) };
  } catch {
    return undefined;
  }
}

/** Keeps the draft. A browser may refuse storage; the draft then lasts as long as its page. */
export function keepDraft(draft: Draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {}
}
