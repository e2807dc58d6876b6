import type { Privilege } from "trtc-call";

/** The rights, in the order of their bits: all of them, or the type says which is missing. */
export const privileges = Object.keys({
  "create-room": 1,
  "enter-room": 1,
  "send-audio": 1,
  "receive-audio": 1,
  "send-video": 1,
  "receive-video": 1,
  "send-substream": 1,
  "receive-substream": 1,
} satisfies Record<Privilege, 1>) as Privilege[];
