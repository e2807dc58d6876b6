// What goes into the commands and what comes out, in the names of this library.
import type { CallbackCommand } from "./webhook.js";

/** A word of the service. Words that this package does not know arrive as they are. */
export type Open<Word extends string> = Word | (string & {});

/** Where the application was made; the other regions do not know its SDKAppID. */
export type Region = "china" | "singapore" | "seoul" | "tokyo" | "frankfurt" | "silicon-valley" | "jakarta";

/** A room: a number is the numeric room, a string is the string room. **123 and "123" are two rooms.** */
export type Room = number | string;

/** What the service says of a room when nobody can tell which it is: its type is missing or contradicts its name. */
export interface UntoldRoom {
  /** `RoomId`, as it arrived. */
  roomId: unknown;
  /** `RoomIdType`, as it arrived, if it did. */
  roomIdType: unknown;
}

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

/** Fields of a request that the service has and this package does not know. */
export interface FurtherFields {
  /**
   * By the service's names for them; they travel as they are. A name that this package knows is a problem: what is sent
   * is never replaced in silence.
   */
  extra?: Record<string, unknown> | undefined;
}

/** A call to start. */
export interface StartCall extends FurtherFields {
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
  /** The notification for callees who are offline. Without it, the service pushes as it likes. */
  offlinePush?: OfflinePush | undefined;
}

/** A bag of JSON. */
export type JsonObject = { [name: string]: unknown };

/**
 * The notification that wakes the phone of a callee whose application is not running
 * (https://trtc.io/document/77715). The service's own spelling (`AndroidInfo`, `OPPONotifyLevel`) is read too. What
 * this release does not know, a word or a whole field in {@link OfflinePush.extra | extra}, travels as it is.
 */
export interface OfflinePush {
  /** 0 pushes when the callee is offline, 1 never pushes. */
  pushFlag?: 0 | 1 | undefined;
  /** The title. */
  title?: string | undefined;
  /** The text below the title. */
  desc?: string | undefined;
  /** Title and text for users of other languages. No language twice. */
  multiLanguageContent?: { language: string; title?: string; desc?: string; extra?: JsonObject }[] | undefined;
  /** What the application is handed when the notification is tapped: JSON text, or some vendors drop it. */
  ext?: string | undefined;
  /** For Android phones. */
  android?: AndroidPush | undefined;
  /** For Apple's phones. */
  apns?: ApnsPush | undefined;
  /** For Harmony phones. */
  harmony?: HarmonyPush | undefined;
  /** Adds to the number on the application's icon: 1 to 99. */
  badgeAddNum?: number | undefined;
  /** Sets the number: 0 to 999 (Apple), 0 to 99 (Huawei, Honor, Harmony). Wins over `badgeAddNum`. */
  badgeSetNum?: number | undefined;
  /** A template of the console, `{SDKAppID}-{number}`. */
  pushTemplateId?: string | undefined;
  /** What the template's variables stand for. */
  pushTemplateParam?: Record<string, string> | undefined;
  /** Fields of the service's that this release does not know: they travel as they are. */
  extra?: JsonObject | undefined;
}

/** The notification on Android phones, by vendor. */
export interface AndroidPush {
  /** The ring tone's file name, without its suffix. One with it is sent, and advised about. */
  sound?: string | undefined;
  /** 0: the vendor's standard; 1: long text. */
  pushStyle?: 0 | 1 | undefined;
  xiaomiChannelId?: string | undefined;
  oppoChannelId?: string | undefined;
  oppoCategory?: string | undefined;
  oppoPrivateMsgTemplateId?: string | undefined;
  oppoPrivateTitleParameters?: JsonObject | undefined;
  oppoPrivateContentParameters?: JsonObject | undefined;
  /** 1: notification bar; 2: and lock screen; 16: and banner, sound, vibration. Only with `oppoCategory`. */
  oppoNotifyLevel?: 1 | 2 | 16 | undefined;
  /** 0: operational message; 1: system message. */
  vivoClassification?: 0 | 1 | undefined;
  vivoCategory?: string | undefined;
  /** 1: silent; 2: sound; 3: vibration; 4: both. */
  vivoNotifyType?: "1" | "2" | "3" | "4" | undefined;
  huaweiImportance?: "LOW" | "NORMAL" | undefined;
  huaweiCategory?: string | undefined;
  /** An https URL. */
  huaweiImage?: string | undefined;
  huaweiChannelId?: string | undefined;
  /** An https URL. */
  honorImage?: string | undefined;
  honorImportance?: "LOW" | "NORMAL" | undefined;
  /** Huawei: whether `ext` is handed to the application as a parameter of its Intent. */
  extAsHuaweiIntentParam?: boolean | undefined;
  googleImage?: string | undefined;
  googlePriority?: "normal" | "high" | undefined;
  googleChannelId?: string | undefined;
  /** 0: public message; 1: private message. */
  meizuNoticeMsgType?: 0 | 1 | undefined;
  /** Fields of the service's that this release does not know: they travel as they are. */
  extra?: JsonObject | undefined;
}

/** The notification on Apple's phones. */
export interface ApnsPush {
  /** 0: the message counts towards the number on the icon; 1: it does not. */
  badgeMode?: 0 | 1 | undefined;
  /** In place of the common title. */
  title?: string | undefined;
  subTitle?: string | undefined;
  image?: string | undefined;
  mutableContent?: boolean | undefined;
  /** The ring tone's file name with its suffix, or `default`. */
  sound?: string | undefined;
  interruptionLevel?: "active" | "critical" | "passive" | "time-sensitive" | undefined;
  contentAvailable?: boolean | undefined;
  /** Rings as a call does. Without a VoIP token of the phone it becomes a plain push, which needs a text. */
  isVoipPush?: boolean | undefined;
  /** `laId`: 1 to 64 bytes; `dismissalDate`: Unix seconds, ignored without the event `end`. */
  liveActivity?:
    | { laId: string; event: "update" | "end"; contentState: JsonObject; dismissalDate?: number; extra?: JsonObject }
    | undefined;
  /** Fields of the service's that this release does not know: they travel as they are. */
  extra?: JsonObject | undefined;
}

/** The notification on Harmony phones. */
export interface HarmonyPush {
  /** In place of the common title. */
  title?: string | undefined;
  category?: string | undefined;
  /** An https URL. */
  image?: string | undefined;
  sound?: string | undefined;
  /** 1 to 60 seconds. Ignored without `sound`. */
  soundDuration?: number | undefined;
  /** Fields of the service's that this release does not know: they travel as they are. */
  extra?: JsonObject | undefined;
}

/** What advice can be about. */
export type AdviceCode =
  | "text_cut"
  | "ext_not_json"
  | "apns_packet_too_large"
  | "voip_without_fallback"
  | "many_in_call"
  | "never_pushed"
  | "badge_add_ignored"
  | "badge_too_high_for_some"
  | "parameters_without_template"
  | "sound_suffix"
  | "sound_duration_ignored"
  | "dismissal_date_ignored"
  | "template_ignored"
  | "silent_push"
  | "unknown_field"
  | "unknown_value";

/** Something that will not go as the sender hopes. The call can be started all the same. */
export interface Advice {
  /** What kind of thing. */
  code: Open<AdviceCode>;
  /** The path of the property, such as `offlinePush.title`. */
  field: string;
  /** What will happen. */
  message: string;
  /** What to do about it. */
  fix: string;
  /** On whose phones, where it depends on the vendor. */
  vendor: Open<"huawei" | "honor" | "xiaomi" | "oppo" | "vivo" | "meizu"> | null;
  /** For a text that will be cut: what the phone will show of it. */
  shown: string | null;
  /** What the advice is about, such as `{ max: 32, found: 40 }`, for programs that say it in words of their own. */
  parameters?: Record<string, string | number>;
}

/** A call that was started. */
export interface StartedCall extends StartCallReply {
  /** The call's name. */
  callId: string;
}

/** What the service says of a call that it started. */
export interface StartCallReply {
  /** The service's name for the request. */
  requestId: string;
  /** The call's name. The service sends it; its reference also shows replies without it. */
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
export interface CallReference extends FurtherFields {
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
  room: Room | UntoldRoom | null;
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
  room: Room | UntoldRoom | null;
}

/** Which records to list; without a property, all of the last 7 days. Times are Unix seconds. */
export interface RecordFilter extends FurtherFields {
  /** Only calls from then on: at most 7 days before now. Seconds, not milliseconds. */
  startTime?: number | undefined;
  /** Only calls until then: now, or earlier. */
  endTime?: number | undefined;
  /** Only calls that ended so. A word that this release does not know is asked for as it is. */
  result?: CallResult | undefined;
  /** Only 1-to-1 calls, or only group calls. A word that this release does not know is asked for as it is. */
  callType?: CallType | undefined;
  /** The most records on a page: 1 or more, default 10. */
  pageSize?: number | undefined;
  /** The page to begin with, from 1. */
  page?: number | undefined;
  /** The present, in Unix seconds, which the rules of the times refer to. Default: the clock's. */
  now?: number | undefined;
}

/** A record in a list. */
export interface ListedRecord extends CallRecord {
  /** Whether somebody answered. */
  wasAnswered: boolean;
}

/** One page of records. */
export interface RecordPage {
  /** The service's name for the request. */
  requestId: string;
  /** How many records match, on all pages. */
  total: number;
  /** This page's number. 0: there is nothing here, and nothing behind it. */
  page: number;
  /** The records. */
  records: ListedRecord[];
  /**
   * Entries of the list that are no records, such as one without a `CallId`, as they arrived; integers that JavaScript
   * would round as strings.
   */
  unreadable: unknown[];
}

/** Where webhooks are to go, and which. **It replaces the whole configuration.** */
export interface SetCallback extends FurtherFields {
  /** Where to: an `https` URL, or an `http` one. */
  url: string;
  /** Which are sent: at least one, none twice. */
  commands: readonly CallbackCommand[];
  /** Takes commands that this package does not know. Without it, a misspelt one is a problem. */
  allowUnknownCommands?: boolean | undefined;
}

/** Where webhooks go, and which. */
export interface CallbackConfiguration {
  /** The service's name for the request. */
  requestId: string;
  /** Where they go. */
  url: string;
  /** Which are sent. */
  commands: CallbackCommand[];
}

/** The service has nothing more to say. */
export interface Acknowledged {
  /** The service's name for the request. */
  requestId: string;
}
