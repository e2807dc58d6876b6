import type { OfflinePush, Room, StartCall } from "trtc-call";
import type { PlacedCall } from "../../backend/backend.ts";
import { numberOf } from "../../fields/number-field.tsx";

/** What the form holds, right or wrong. What is empty is left out of the call. */
export interface Draft {
  robot: string;
  callees: string[];
  media: "audio" | "video";
  roomKind: "none" | "number" | "text";
  roomNumber: string;
  roomText: string;
  ringSeconds: string;
  userData: string;
  streamUrl: string;
  /** Whether there is a notification of one's own. */
  hasPush: boolean;
  /** The notification's properties, by their path below `offlinePush`, such as `android.sound`. */
  push: Record<string, PushValue>;
  languages: { language: string; title: string; desc: string }[];
}

/** What an input of the notification holds. Objects are typed as JSON text. */
export type PushValue = string | number | boolean | { json: string };

/** An empty form. */
export function emptyDraft(robot = ""): Draft {
  return {
    robot,
    callees: [],
    media: "video",
    roomKind: "none",
    roomNumber: "",
    roomText: "",
    ringSeconds: "",
    userData: "",
    streamUrl: "",
    hasPush: false,
    push: {},
    languages: [],
  };
}

/** The call that a form describes. Whether it follows the rules, the core says. */
export function toCall(draft: Draft): PlacedCall {
  const { robot, callees, media, ringSeconds, userData, streamUrl } = draft;
  const room = roomOf(draft);
  const offlinePush = draft.hasPush ? pushOf(draft) : undefined;
  return {
    robot,
    callees,
    media,
    ...(room !== undefined && { room }),
    ...(ringSeconds !== "" && { ringTimeout: Math.round(numberOf(ringSeconds) * 1000) }),
    ...(userData !== "" && { userData }),
    ...(offlinePush !== undefined && { offlinePush }),
    ...(streamUrl !== "" && { play: { streamUrl } }),
  };
}

/** What is played is not part of the request that starts a call. */
export function withoutMedia({ play: _, ...call }: PlacedCall): StartCall {
  return call;
}

function roomOf({ roomKind, roomNumber, roomText }: Draft): Room | undefined {
  if (roomKind === "none") return undefined;
  if (roomKind === "text") return roomText;
  // Nothing typed yet is no room at all, which is the core's to refuse.
  return roomNumber === "" ? 0 : numberOf(roomNumber);
}

function pushOf({ push, languages }: Draft): OfflinePush {
  const object: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(push)) set(object, path.split("."), plain(value));
  if (languages.length > 0) {
    object["multiLanguageContent"] = languages.map(({ language, title, desc }) => ({
      language,
      ...(title !== "" && { title }),
      ...(desc !== "" && { desc }),
    }));
  }
  return object;
}

function plain(value: PushValue): unknown {
  if (typeof value !== "object") return value;
  try {
    return JSON.parse(value.json);
  } catch {
    // As text, which the core refuses where an object belongs.
    return value.json;
  }
}

function set(object: Record<string, unknown>, [name, ...rest]: string[], value: unknown) {
  if (name === undefined) return;
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const inner = (object[name] ?? {}) as Record<string, unknown>;
  object[name] = inner;
  set(inner, rest, value);
}
