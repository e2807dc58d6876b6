import { type Followed, ledgerTime, toDo } from "./follow.ts";

/** What a campaign waits for, if it does. */
export type Waiting = { for: "worker"; since: number | null } | { for: "resume" } | { for: "time"; until: number } | null;

/** A worker takes what is due within a second; for longer than so many milliseconds it has been taken by nobody. */
const PATIENCE = 5000;

/** What it waits for. That no worker is at work shows by what is due and is taken by nobody. */
export function waitingFor(campaign: Followed, now: number): Waiting {
  const { state, counts } = campaign;
  if (toDo(campaign) === 0 || state === "cancelled") return null;
  if (state === "paused") return { for: "resume" };
  if (counts.queued === 0 || counts.nextDue === null || counts.claimed + counts.sending > 0) return null;
  const time = ledgerTime(campaign, now);
  if (counts.nextDue > time) return { for: "time", until: counts.nextDue };
  const idle = time - Math.max(counts.nextDue, counts.lastSent ?? 0);
  if (idle < PATIENCE) return null;
  return { for: "worker", since: counts.lastSent === null ? null : idle };
}
