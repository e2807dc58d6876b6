// What goes into the commands and what comes out, in the names of this library.

/** A word of the service. Words that this package does not know arrive as they are. */
type Open<Word extends string> = Word | (string & {});

/** Where the application was made; the other regions do not know its SDKAppID. */
export type Region = "china" | "singapore" | "seoul" | "frankfurt" | "silicon-valley" | "jakarta";

/** A room: a number is the numeric room, a string is the string room. **123 and "123" are two rooms.** */
export type Room = number | string;

/** What a call carries. */
export type Media = "audio" | "video";

/** What a call carries, as the service reports it. */
export type MediaType = Open<"Audio" | "Video">;

/** How far a user has got: in the call (`Calling`), or being rung (`Waiting`). */
export type MemberStatus = Open<"Calling" | "Waiting">;

/** 1-to-1 or group. */
export type CallType = Open<"SingleCall" | "MultiCall">;

/** How a call ended. */
export type CallResult = Open<
  "Cancel" | "Reject" | "NotAnswer" | "NormalEnd" | "CallBusy" | "Interrupt" | "Offline"
>;

/** A call to start. */
export interface StartCall {
  /** The caller: a robot account. 1 to 32 letters, digits, `_` and `-`. */
  robot: string;
  /** The users to ring: at least one, none twice. One makes a 1-to-1 call, more make a group call. */
  callees: readonly string[];
  /** Sound only, or sound and picture. */
  media: Media;
  /**
   * The room to use. Without it, the service chooses. `123` is the numeric room (1 to 4294967294), `"123"` the
   * string room (1 to 64 letters, digits and the other characters that the vendor allows): **two different
   * rooms**.
   */
  room?: Room | undefined;
  /** How long the phones ring, in milliseconds: 10000 to 600000. Default 30000. */
  ringTimeout?: number | undefined;
  /** Text that reaches the callee's application: at most 1000 bytes of UTF-8. */
  userData?: string | undefined;
}

/** A call that was started. */
export interface StartedCall {
  /** The service's name for the request. */
  requestId: string;
  /** The call's name. The service's reference also shows replies without it. */
  callId: string | null;
  /** What became of each callee. **A call can ring some and fail for others.** */
  callees: CalleeResult[];
}

/** What became of one callee. */
export interface CalleeResult {
  /** The callee. */
  userId: string;
  /** 0 when the phone was rung. */
  resultCode: number;
  /** Whether the phone was rung. */
  wasRung: boolean;
}

/** Names one call. */
export interface CallReference {
  /** The CallId that the service gave. */
  callId: string;
}

/** A call that goes on. */
export interface CallInfo {
  /** The service's name for the request. */
  requestId: string;
  /** The call's name. */
  callId: string;
  /** Audio or video. */
  mediaType: MediaType;
  /** The Chat group that the call belongs to, if any. */
  chatGroupId: string | null;
  /** The room, if it has one. */
  room: Room | null;
  /** Who is in the call or being rung. */
  members: Member[];
}

/** One user of a call. */
export interface Member {
  /** The user. */
  userId: string;
  /** In the call, or being rung. */
  status: MemberStatus;
}

/** A call that was ended. */
export interface EndedCall {
  /** The service's name for the request. */
  requestId: string;
}

/** The record of a call. */
export interface CallRecordReply {
  /** The service's name for the request. */
  requestId: string;
  /** What became of the call. */
  record: CallRecord;
  /** Whether somebody answered. */
  wasAnswered: boolean;
}

/** What became of a call. Times are Unix seconds. */
export interface CallRecord {
  /** The call's name. */
  callId: string;
  /** Who rang. */
  caller: string;
  /** Audio or video. */
  mediaType: MediaType;
  /** 1-to-1 or group. */
  callType: CallType;
  /** When the phones began to ring. */
  startTime: number;
  /** When the call ended. */
  endTime: number;
  /** When it was answered, if it was. */
  acceptTime: number | null;
  /** How it ended. */
  result: CallResult;
  /** All members, the caller included. */
  members: string[];
  /** The room, if it had one. */
  room: Room | null;
}
