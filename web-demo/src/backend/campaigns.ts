// Campaigns of a ledger, as `trtc-call console` tells of them. Workers ring them, elsewhere.
import type { Subscription } from "./backend.ts";

/** What can be asked of the ledger, and said to it. */
export interface CampaignControls {
  /** Tells of all campaigns, or of the one of that name, until closed. */
  follow(name: string | undefined, listener: CampaignListener): Subscription;
  /** The next rows behind a row's `seq`. */
  rows(name: string, filter: { state?: RingState; behind: number; limit: number }): Promise<RingRow[]>;
  control(name: string, what: "pause" | "resume" | "cancel"): Promise<void>;
  ring(key: string): Promise<Ring>;
  /** Says whether an unknown ring rang, for good. */
  settle(key: string, hasRung: boolean): Promise<Ring>;
}

/** Hears of campaigns. */
export interface CampaignListener {
  /** All as they are: at first, and after whatever went wrong. */
  all(campaigns: Campaign[]): void;
  changed(campaign: Campaign): void;
  /** The ledger cannot be read. It is tried again. */
  failed(error: unknown): void;
}

/** A campaign. Times are Unix milliseconds, by the ledger's clock. */
export interface Campaign {
  name: string;
  state: "running" | "paused" | "cancelled";
  policy: Policy;
  /** What it was made from, such as a file's name. */
  source: string | null;
  createdAt: number;
  counts: Counts;
  /** When it was counted. */
  at: number;
}

/** How a campaign rings. */
export interface Policy {
  maxUp?: number;
  quietHours?: { from: string; until: string; timeZone: string };
  again?: { after: string[]; attempts: number; pauseMs: number };
}

/** How many rings are in which state. */
export interface Counts {
  total: number;
  queued: number;
  claimed: number;
  sending: number;
  rung: number;
  refused: number;
  unknown: number;
  presumedNotRung: number;
  cancelled: number;
  /** Of those that rang. */
  answered: number;
  ended: number;
  nextDue: number | null;
  lastSent: number | null;
}

/** How far a ring has got. */
export const ringStates = ["queued", "claimed", "sending", "rung", "refused", "unknown", "presumed_not_rung", "cancelled"] as const;

/** How far a ring has got. */
export type RingState = (typeof ringStates)[number];

/** A ring in a list. */
export interface RingRow {
  seq: number;
  key: string;
  line: number | null;
  users: string[];
  state: RingState;
  attempt: number;
  notBefore: number | null;
  sentAt: number | null;
  /** In Unix seconds. */
  answeredAt: number | null;
  callId: string | null;
  callResult: string | null;
  /** What failed last. */
  failure: { code: string; message: string } | null;
}

/** All of a ring. */
export interface Ring extends RingRow {
  /** Empty where it belongs to none. */
  campaign: string;
  robot: string;
  /** JSON text: a number, or a string in quotes. */
  room: string;
  timeZone: string | null;
  firstKey: string | null;
  notAfter: number | null;
  settledAt: number | null;
  evidence: "reply" | "webhook" | "record" | "hand" | "silence" | null;
  lookAt: number | null;
  requestId: string | null;
  callees: { userId: string; resultCode: number }[];
  history: { state: RingState; at: number }[];
  /** JSON text. */
  data: string | null;
  /** The very body that is sent. */
  request: string;
}
