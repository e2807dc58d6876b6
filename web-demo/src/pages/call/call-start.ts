import { useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import type { PlacedCallReply } from "../../backend/backend.ts";

/** A start on its way, and what came of the last one. */
interface CallStart {
  isSending: boolean;
  started: PlacedCallReply | null;
  error: unknown;
}

const NONE: CallStart = { isSending: false, started: null, error: null };

// It outlives a look at another page: whoever comes back to a form that knows nothing of it would ring again.
let current = NONE;
const listeners = new Set<() => void>();

function set(next: CallStart) {
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

addEventListener("beforeunload", (event) => {
  if (current.isSending) event.preventDefault();
});

/** The start of this tab. */
export function useCallStart(): CallStart {
  return useSyncExternalStore(subscribe, () => current);
}

/** Whether one is on its way at this moment, whatever has been drawn. */
export function isUnderWay(): boolean {
  return current.isSending;
}

/** Sends a start. What came of it is drawn when this resolves, to whether it was a success. */
export async function send(start: () => Promise<PlacedCallReply>): Promise<boolean> {
  set({ ...NONE, isSending: true });
  try {
    const started = await start();
    set({ ...NONE, started });
    return true;
  } catch (error) {
    flushSync(() => set({ ...NONE, error }));
    return false;
  }
}

/** Forgets what came of the last one. What is on its way goes on. */
export function forget() {
  if (!current.isSending && current !== NONE) set(NONE);
}
