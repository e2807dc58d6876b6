// What the pages need of what stands behind them: `trtc-call console`, or the emulator inside the page.
import type {
  CallbackCommand,
  CallbackConfiguration,
  CallRecordReply,
  Media,
  RecordFilter,
  RecordPage,
  Region,
  Room,
  SetCallback,
  StartCall,
} from "trtc-call";
import type { Script } from "trtc-call/testing";
import type { CampaignControls } from "./campaigns.ts";

/** Everything behind the pages. Every function rejects with a {@link BackendError}. */
export interface Backend {
  /** Where calls are made: by a server, or inside of this page, where no real phone rings. */
  readonly place: "server" | "page";

  settings(): Promise<Settings>;
  changeSettings(change: SettingsChange): Promise<Settings>;

  /** Rings phones. It is never repeated by itself: a failure says whether a phone may have rung. */
  startCall(call: PlacedCall): Promise<PlacedCallReply>;
  endCall(callId: string): Promise<void>;
  board(): Promise<Board>;
  /** One call, its events with their raw packets. */
  call(callId: string): Promise<BoardCall>;
  /** Tells of everything after the event of that id, until closed. It reconnects by itself and misses nothing. */
  subscribe(after: EventId, listener: Listener): Subscription;

  records(filter: RecordFilter): Promise<RecordPage>;
  record(callId: string): Promise<CallRecordReply>;

  /** What was said to the service after that request, the latest first, without the texts. */
  requests(after: number): Promise<LoggedRequest[]>;
  request(id: number): Promise<LoggedRequest>;

  /** The newest first. */
  deliveries(): Promise<Delivery[]>;
  delivery(id: string): Promise<WholeDelivery>;
  replayDelivery(id: string): Promise<Delivery>;
  sendTestDelivery(test: TestDelivery): Promise<Delivery>;
  /** `null`: no webhooks are sent. */
  callback(): Promise<CallbackConfiguration | null>;
  setCallback(callback: SetCallback): Promise<void>;
  deleteCallback(): Promise<void>;

  /** Signs with the key that the backend holds. */
  signUserSig(request: { userId: string; expireSeconds: number }): Promise<SignedUserSig>;

  /** The campaigns of a ledger: `null` without a server, and of no use where the settings name no ledger. */
  readonly campaigns: CampaignControls | null;

  /** Who may use the console: `null` without a server, where there is nobody else. */
  readonly session: SessionControls | null;

  /** What only the emulator can do: `null` with a real account behind. */
  readonly emulator: EmulatorControls | null;
}

/** What is configured, and what is missing. No secret is among it. */
export interface Settings {
  mode: "emulator" | "account";
  sdkAppId: number;
  admin: string;
  /** The robot to suggest. */
  robot?: string | null;
  region: Region | null;
  baseUrl?: string | null;
  /** Whether the region's backup host is turned to; `null` where there is none. */
  backupHost?: boolean | null;
  /** The most requests per second of each command. */
  requestsPerSecond?: number;
  ingestRoomIdCoding: IngestRoomIdCoding;
  /** The cloud API, which plays media into rooms. */
  cloud: {
    configured: boolean;
    region?: string | null;
    /** `international`, where the account was made there. */
    site?: "mainland" | "international" | null;
    /** In place of a site. */
    baseUrl?: string | null;
  };
  webhooks: { configured: boolean; signed?: boolean; receiving: boolean; url?: string | null; ingestUrl?: string | null };
  /** Whether there is a ledger, in which campaigns stand. */
  ledger?: boolean;
  /** Names outside the UserID rule are taken, as older applications have them. */
  allowAnyUserId?: boolean;
  missing: Missing[];
  /** The emulator's key, where it is no secret. */
  demoKey?: string | null;
  version: string;
}

/** What is not set up, or does not come, by a code that the page has words for. */
export interface Missing {
  what: string;
  code: "webhooks_off" | "webhooks_not_received" | "cloud_off";
  /** In English, as the command says it. */
  fix: string;
}

/** How the account's stream ingest spells the type of a room: which number the numeric room has. */
export type IngestRoomIdCoding = "numeric-0" | "numeric-1";

/** What can be changed while it runs. */
export interface SettingsChange {
  ingestRoomIdCoding?: IngestRoomIdCoding;
}

/** A call, and what to play when it is answered. */
export type PlacedCall = StartCall & { play?: { streamUrl: string } };

/** A call that was started. */
export interface PlacedCallReply {
  callId: string | null;
  room: Room | null;
  callees: { userId: string; resultCode: number; wasRung: boolean }[];
}

/** Names a place in the stream of events. */
export type EventId = string | number;

/** The calls as they are now; `lastEventId` is where to go on listening. */
export interface Board {
  lastEventId: EventId;
  calls: BoardCall[];
}

/** A call on the board. Times are Unix milliseconds. */
export interface BoardCall {
  callId: string;
  /** `null` where the service tells of a call that was started elsewhere, or before a restart. */
  robot: string | null;
  media: Media | null;
  room?: Room | null;
  startedAt: number;
  state: BoardCallState;
  members: { userId: string; state: BoardMemberState; at: number; resultCode?: number }[];
  playing?: Playing | null;
  /** A `CallResult`, once it has ended. */
  result?: string | null;
  endedAt?: number | null;
  answeredAt?: number | null;
  /** How long an answered call lasted, as its record says. */
  talkSeconds?: number | null;
  events: BoardEvent[];
}

/** How far a call has got. */
export type BoardCallState = "ringing" | "in_call" | "ended" | "unknown";

/** How far a member has got. */
export type BoardMemberState =
  | "ringing"
  | "in_call"
  | "rejected"
  | "not_answered"
  | "busy"
  | "offline"
  | "left"
  | "cancelled"
  | "unknown";

/** The media of a call. */
export interface Playing {
  /** It is waiting until somebody answers. */
  state: "waiting" | "starting" | "playing" | "failed" | "ended";
  taskId?: string;
  streamUrl: string;
}

/** Something that happened in a call. */
export interface BoardEvent {
  id: EventId;
  at: number;
  kind: string;
  summary: string;
  userId?: string;
  /** What went over the wire, secrets hidden. */
  raw?: { direction: "request" | "reply" | "webhook"; text: string };
  /** Where that is left out; the call by itself has it. */
  hasPacket?: boolean;
}

/** Hears what happens. */
export interface Listener {
  call?(call: BoardCall): void;
  /** What is new of a call that was heard of before: of members and events, those that are new. */
  callContinued?(news: BoardCall): void;
  delivery?(delivery: Delivery): void;
  settings?(settings: Settings): void;
  /** What was heard so far is no longer to be relied on: ask for the board again. */
  reset?(): void;
  connection?(connection: Connection): void;
}

/** Whether what happens is heard at once. `refused`: the session is over, and only a new one helps. */
export type Connection = "connecting" | "open" | "lost" | "refused";

/** Goes on until closed. */
export interface Subscription {
  close(): void;
}

/** A request to the service, and what was answered. */
export interface LoggedRequest {
  id: number;
  /** When it had been answered, in Unix milliseconds. */
  at: number;
  tookMs: number;
  command: string;
  /** From 1: which of the attempts at one thing. */
  attempt: number;
  callId: string | null;
  /** The HTTP status; `null` where no reply came. */
  status: number | null;
  /** The service's code. */
  errorCode: number | string | null;
  /** The code's name, or why no reply came; `null` where all is well. */
  code: string | null;
  requestId: string | null;
  /** What went over the wire, secrets hidden. */
  request?: string;
  reply?: string;
}

/** A webhook that came in or was sent. */
export interface Delivery {
  id: string;
  /** Unix milliseconds. */
  receivedAt: number;
  direction: "in" | "out";
  command: string;
  callId?: string | null;
  verified: boolean;
  /** What it was answered with, or why it was refused. */
  status: number | string;
  /** What it is about: streams have webhooks of their own, signed in headers. */
  source?: "calls" | "ingest";
  headers?: Record<string, string>;
  /** Left out of what is told as it comes, as the body is. */
  query?: string;
  body?: string;
}

/** A delivery with all that it holds. */
export type WholeDelivery = Delivery & { query: string; body: string };

/** A signed delivery to send. Without a URL it goes to the console's own receiver. */
export interface TestDelivery {
  command: CallbackCommand;
  callId?: string;
  url?: string;
}

/** A UserSig; `expiresAt` is in Unix seconds. */
export interface SignedUserSig {
  userSig: string;
  expiresAt: number;
}

/** This browser's session, and those of others. */
export interface SessionControls {
  /** A URL that opens the console once, in another browser. A secret until then. */
  invite(): Promise<string>;
  signOut(): Promise<void>;
}

/** What only the emulator can do. */
export interface EmulatorControls {
  /** What simulated users do when their phone rings, where it is not what their name says. */
  scripts(): Promise<Record<string, Script>>;
  setScripts(scripts: Record<string, Script>): Promise<void>;
  /** Jumps ahead in time. */
  advance(milliseconds: number): Promise<void>;
  /** Makes records, to have something to look at. */
  seedRecords(count: number): Promise<void>;
}
