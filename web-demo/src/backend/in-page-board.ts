import type { EmulatedCall, EmulatedEvent } from "trtc-call/testing";
import type { BoardCall, BoardEvent, BoardMemberState, Playing, WholeDelivery } from "./backend.ts";
import type { Packet } from "./packets.ts";

/** An emulated call as the board shows it. */
export function boardCall(
  call: EmulatedCall,
  events: readonly EmulatedEvent[],
  packets: readonly Packet[],
  deliveries: readonly WholeDelivery[],
  played: PlayedOnBoard | undefined,
): BoardCall {
  const ofUser = (user: string) => events.findLast((event) => event.user === user)?.at ?? call.startedAt;
  return {
    callId: call.callId,
    robot: call.robot,
    media: call.mediaType === "Video" ? "video" : "audio",
    room: call.room && (call.room.type === 1 ? Number(call.room.id) : call.room.id),
    startedAt: call.startedAt,
    state: call.end ? "ended" : call.answeredAt === null ? "ringing" : "in_call",
    members: call.callees.map(({ user, status }) => ({
      userId: user,
      state: memberStates[status],
      at: ofUser(user),
    })),
    playing: played?.playing ?? null,
    result: call.end?.result ?? null,
    endedAt: call.end?.at ?? null,
    answeredAt: call.answeredAt,
    // As a record, which has whole seconds, would say it.
    talkSeconds: call.end && call.answeredAt !== null ? Math.floor(call.end.at / 1000) - Math.floor(call.answeredAt / 1000) : null,
    events: [
      ...packets.map(packetEvent),
      ...events.map(emulatorEvent),
      ...deliveries.map(deliveryEvent),
      ...(played?.events ?? []),
    ].sort((one, other) => one.at - other.at),
  };
}

/** What is played into a call, and what became of that. */
export interface PlayedOnBoard {
  playing: Playing;
  events: BoardEvent[];
}

const memberStates: Record<EmulatedCall["callees"][number]["status"], BoardMemberState> = {
  ringing: "ringing",
  in_call: "in_call",
  rejected: "rejected",
  not_answered: "not_answered",
  hung_up: "left",
  dropped: "left",
  busy: "busy",
  offline: "offline",
  cancelled: "cancelled",
  ended: "left",
};

function packetEvent({ at, direction, command, text }: Packet, index: number): BoardEvent {
  return { id: `packet-${index}`, at, kind: direction, summary: command, raw: { direction, text } };
}

function emulatorEvent({ id, at, event, user, result }: EmulatedEvent): BoardEvent {
  return { id, at, kind: event, summary: result ?? "", ...(user !== undefined && { userId: user }) };
}

function deliveryEvent({ id, receivedAt, command, query, body }: WholeDelivery): BoardEvent {
  const text = `POST ?${query.replace(/\bSign=[^&]*/, "Sign=(hidden)")}\n\n${body}`;
  return { id: `delivery-${id}`, at: receivedAt, kind: "webhook", summary: command, raw: { direction: "webhook", text } };
}
