import type { Timeline } from "../wasm/trtc_call_wasm.js";
import { guarded } from "./errors.js";
import { requireTexts } from "./signer.js";
import type { CallRecord, CallResult, MediaType, Open, Room, UntoldRoom } from "./types.js";
import { core } from "./wasm.js";
import { type WebhookDelivery, withHandle } from "./webhook.js";

/** How far a user has got in a call. `left`: no longer in it; the delivery that says why has not come. */
export type MemberState = Open<
  | "ringing"
  | "in_call"
  | "rejected"
  | "not_answered"
  | "busy"
  | "hung_up"
  | "offline"
  | "cancelled"
  | "ended"
  | "left"
>;

/** What is known about a call. Times are Unix milliseconds. */
export interface CallState {
  /** The call's name. */
  callId: string;
  /** How far it has got. */
  phase: Open<"unknown" | "ringing" | "answered" | "ended">;
  /** Audio or video, once known. */
  mediaType: MediaType | null;
  /** The room, if it has one and it is known. */
  room: Room | UntoldRoom | null;
  /** How far each user has got who ever was rung or in the call, the caller included. */
  members: Record<string, MemberState>;
  /** When the call was started. */
  startedAt: number | null;
  /** When it was answered, if it was. */
  answeredAt: number | null;
  /** When it ended, if it has. */
  endedAt: number | null;
  /** What became of it, once it has ended. */
  record: CallRecord | null;
}

/** One step of a call's history. `at` is in Unix milliseconds. */
export type HistoryEntry = { at: number } & (
  | { happening: "started" }
  | { happening: "member"; userId: string; state: MemberState }
  | { happening: "unknown_action"; userId: string; action: string }
  | { happening: "ended"; result: CallResult }
);

/**
 * One call, put together from its webhooks: deliveries may repeat and come in any order. Those of one `EventTime` are
 * taken in the order in which they were added, and what their `changes` say of somebody holds against their lists of
 * members. So the same set of them always gives the same state, unless somebody did two things within one millisecond.
 */
export class CallTimeline {
  readonly #timeline: Timeline;

  /**
   * A call of which nothing is known yet.
   *
   * @throws InvalidRequestError when the CallId breaks its rule.
   */
  constructor(callId: string) {
    requireTexts({ callId });
    const { Timeline } = core();
    this.#timeline = guarded(() => new Timeline(callId));
  }

  /**
   * Takes in what a delivery tells: something `new`, a `duplicate`, or something about an `other_call`, which is left
   * out.
   */
  add(delivery: Pick<WebhookDelivery, "event" | "body">): "new" | "duplicate" | "other_call" {
    const added = withHandle(delivery, (handle) => this.#timeline.add(handle));
    return added as "new" | "duplicate" | "other_call";
  }

  /** What is known about the call now. */
  get state(): CallState {
    return this.#timeline.view().state;
  }

  /** What happened, oldest first. */
  get history(): HistoryEntry[] {
    return this.#timeline.view().history;
  }
}
