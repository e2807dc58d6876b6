// What goes into stream ingest and what comes out, in the names of this library.
import type { FurtherFields, Open, Room } from "./types.js";

/** How a stream is played. Times are milliseconds. */
export interface Stream {
  /** Begins so far into the stream. Whole seconds. */
  seek?: number | undefined;
  /** Also relays the stream to the CDN, which must be on in the console. Default: no. */
  autoPush?: boolean | undefined;
  /** Plays it so many times, 1 to 1000, or until it is stopped. Default: once. */
  repeat?: number | "forever" | undefined;
  /** For how long it is repeated for ever. Whole minutes, at most a week. */
  maxDuration?: number | undefined;
  /** How loud, in percent: 0 to 200. Default 100, as it is. */
  volume?: number | undefined;
  /** Tells the users in the room how far the stream is, in custom messages. Default: no. */
  enableProgress?: boolean | undefined;
  /** How fast. Default 1, as it is. */
  tempo?: 0.5 | 0.75 | 1 | 1.25 | 1.5 | 1.75 | 2 | undefined;
  /** How long it goes on in a room without other users. Whole seconds, at most 600 s. Default: the service decides. */
  idleTimeout?: number | undefined;
}

/** A stream to play into a room. */
export interface StartStreamIngest extends Stream, FurtherFields {
  /** The room: a number is the numeric room, a string is the string room. */
  room: Room;
  /** The user who enters the room and plays, such as the robot of a call. */
  user: string;
  /** What is played: `http`, `https`, `rtmp` and others, as the vendor's page says. */
  streamUrl: string;
  /** The user's UserSig. */
  userSig: string;
  /** The user's rights in the room, where the application demands them (advanced permission control). */
  privateMapKey?: string | undefined;
  /** @deprecated The vendor has replaced it by `streamUrl`. */
  sourceUrl?: string | undefined;
  /** @deprecated The vendor keeps the stream's own encoding. */
  videoEncodeParams?: {
    width?: number;
    height?: number;
    fps?: number;
    bitRate?: number;
    gop?: number;
  };
  /** @deprecated The vendor keeps the stream's own encoding. */
  audioEncodeParams?: { sampleRate?: number; channel?: number; bitRate?: number; volume?: number };
}

/** A stream that was started. */
export interface StartedStreamIngest {
  /** The service's name for the request. */
  requestId: string;
  /** The task: keep it, for it takes this to stop the stream. */
  taskId: string;
}

/** What to change of a task; what is left out stays as it is. */
export interface UpdateStreamIngest
  extends Pick<Stream, "volume" | "enableProgress" | "tempo">,
    FurtherFields {
  /** The task. */
  taskId: string;
  /** Plays another stream from now on. */
  streamUrl?: string | undefined;
  /** Pauses, or goes on. What is paused is billed, and ends after 12 hours. */
  pause?: boolean | undefined;
}

/** Names one task. */
export interface TaskReference extends FurtherFields {
  /** The task that `startStreamIngest` gave. */
  taskId: string;
}

/** How a task is getting on. */
export interface StreamIngestStatus {
  /** The service's name for the request. */
  requestId: string;
  /** `NotExist`: it has ended, or was never started. */
  status: Open<"InProgress" | "NotExist">;
}

/** A room to dismiss. */
export interface DismissRoom<Kind extends Room = Room> extends FurtherFields {
  /** The room. Everybody is removed from it. */
  room: Kind;
}

/** Users to remove from a room. */
export interface RemoveUser<Kind extends Room = Room> extends FurtherFields {
  /** The room. */
  room: Kind;
  /** The users, 1 to 10. */
  users: readonly string[];
}
