// One emulator, and what was seen of it.
import {
  type CallbackCommand,
  type ListedRecord,
  type PlayCall,
  type PlayedCall,
  type PlayOutcome,
  type Problem,
  parse,
  type RecordFilter,
  type RecordPage,
  TrtcCall,
  UserSig,
  Webhook,
} from "trtc-call";
import {
  createEmulator,
  type EmulatedCall,
  type EmulatedEvent,
  type Emulator,
  type Script,
  testCredential,
} from "trtc-call/testing";
import type {
  BoardCall,
  LoggedRequest,
  PlacedCall,
  PlacedCallReply,
  Playing,
  SignedUserSig,
  TestDelivery,
  WholeDelivery,
} from "./backend.ts";
import { BackendError } from "./failure.ts";
import { boardCall, type PlayedOnBoard } from "./in-page-board.ts";
import { type Packets, recordedFetch } from "./packets.ts";

// Simulated through and through: the key opens nothing.
export const APPLICATION = { sdkAppId: 1400000001, secretKey: crypto.randomUUID() };
export const ADMIN = "administrator";
export const RECEIVER = "http://127.0.0.1/webhooks/calls";

const WEBHOOK_TOKEN = crypto.randomUUID();
const COMMANDS: CallbackCommand[] = [
  "Call.CallbackAfterStartCall",
  "Call.CallbackAfterMemberChanged",
  "Call.CallbackAfterEndCall",
];

/** A call that something is played into, and what the board shows of that. */
interface Played extends PlayedOnBoard {
  call: PlayedCall;
}

/** How many calls the board shows, and how many deliveries are kept. */
const KEPT = 500;

/** How far back records reach that are made to look at: a little less than the service keeps them. */
const RECORDED_DAYS = 6.9;

/** An emulator with a client, a receiver of its webhooks, and what went on between them. */
export class World {
  readonly emulator: Emulator;
  readonly trtc: TrtcCall;
  readonly #packets: Packets;
  readonly #events = new Map<string, EmulatedEvent[]>();
  readonly #played = new Map<string, Played>();
  /** The calls whose streams have got on. */
  readonly #changed = new Set<string>();
  #scripted: string[] = [];
  #deliveries: WholeDelivery[] = [];
  #lastEvent = 0;
  #lastDelivery = 0;
  #lastTold = 0;
  #received = 0;

  /** Time only goes forward in an emulator: one that is to have records begins in the past. */
  static async make(records: number): Promise<World> {
    const behind = records === 0 ? 0 : Math.round(RECORDED_DAYS * 86_400_000);
    const world = new World(behind);
    if (records > 0) await world.#makeRecords(records, behind);
    world.#lastEvent = world.emulator.events().at(-1)?.id ?? 0;
    await world.#control("PUT", "webhooks", { url: RECEIVER, commands: COMMANDS, token: WEBHOOK_TOKEN });
    return world;
  }

  private constructor(behind: number) {
    this.emulator = createEmulator({ ...APPLICATION, clock: () => Date.now() - behind });
    const { fetch, packets } = recordedFetch(this.emulator.fetch, () => this.emulator.now());
    this.#packets = packets;
    this.trtc = new TrtcCall({
      ...APPLICATION,
      admin: ADMIN,
      region: "singapore",
      fetch,
      cloud: testCredential,
      clock: () => Math.floor(this.emulator.now() / 1000),
    });
  }

  async startCall({ play, ...call }: PlacedCall): Promise<PlacedCallReply> {
    if (play !== undefined) {
      const room = call.room ?? `console-${crypto.randomUUID()}`;
      return this.#play({ ...call, ...play, room });
    }
    const { callId, callees } = await this.trtc.startCall(call);
    return { callId, callees, room: call.room ?? null };
  }

  async endCall(callId: string): Promise<void> {
    const played = this.#played.get(callId);
    if (played && played.call.phase !== "over") played.call.end();
    else await this.trtc.endCall(callId);
  }

  async #play(plan: PlayCall): Promise<PlacedCallReply> {
    const call = this.trtc.playCall({ ...plan, pollInterval: 500 });
    for await (const event of call) {
      if (event.event === "ended") throw notStarted(event.outcome);
      if (event.event === "start_unknown") throw new BackendError({ ...event.failure, kind: "console", mayHaveRung: true });
      if (event.event !== "ringing") continue;
      const { callId } = event;
      const playing: Playing = { state: "waiting", streamUrl: plan.streamUrl };
      const played = { call, playing, events: [] };
      this.#played.set(callId, played);
      void this.#follow(callId, played);
      const reply = this.#packets.of(callId).find(({ direction }) => direction === "reply");
      const { callees } = parse.startCallByRobot(200, reply?.text.split("\n\n")[1] ?? "");
      return { callId, callees, room: plan.room };
    }
    throw notFound("call", "");
  }

  /** Puts on the board what becomes of a stream. */
  async #follow(callId: string, played: Played) {
    for await (const event of played.call) {
      const tell = (kind: string, summary = "") => {
        played.events.push({ id: `play-${played.events.length}`, at: this.emulator.now(), kind, summary });
      };
      const set = (change: Partial<Playing>) => Object.assign(played.playing, change);
      if (event.event === "member" && event.state === "in_call" && played.playing.state === "waiting") {
        set({ state: "starting" });
      } else if (event.event === "playing") {
        set({ state: "playing", taskId: event.taskId });
        tell("playing");
      } else if (event.event === "ingest_restarting") {
        set({ state: "starting" });
        tell("play_starting");
      } else if (event.event === "ingest_failed") {
        set({ state: event.willRetry ? "starting" : "failed" });
        tell("play_failed", event.failure.message);
      } else if (event.event === "media_ended") {
        set({ state: "ended" });
        tell("play_ended");
      } else if (event.event === "ending") {
        tell("ending");
      } else if (event.event === "ended" && played.playing.state !== "failed") {
        if (played.playing.state === "playing") tell("play_ended");
        set({ state: "ended" });
      }
      this.#changed.add(callId);
    }
  }

  setScripts(scripts: Record<string, Script>) {
    for (const user of this.#scripted) this.emulator.clearScript(user);
    this.#scripted = Object.keys(scripts);
    for (const [user, script] of Object.entries(scripts)) this.emulator.setScript(user, script);
  }

  /** The calls and deliveries that are new or not as they were. */
  async news(): Promise<{ calls: BoardCall[]; deliveries: WholeDelivery[] }> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    for (const event of this.emulator.events(this.#lastEvent)) {
      this.#lastEvent = event.id;
      this.#events.set(event.callId, [...(this.#events.get(event.callId) ?? []), event]);
      changed.add(event.callId);
    }
    const told = this.#lastTold;
    const deliveries = (await this.deliveries()).filter(({ id }) => Number(id) > told);
    this.#lastTold = this.#received;
    for (const { callId } of deliveries) if (callId) changed.add(callId);
    const calls = await Promise.all([...changed].filter((id) => this.#events.has(id)).map((id) => this.call(id)));
    return { calls, deliveries };
  }

  /** The latest calls. */
  async board(): Promise<BoardCall[]> {
    await this.news();
    return Promise.all([...this.#events.keys()].slice(-KEPT).map((callId) => this.call(callId)));
  }

  async call(callId: string): Promise<BoardCall> {
    const call = await this.#control<EmulatedCall>("GET", `calls/${encodeURIComponent(callId)}`);
    const deliveries = this.#deliveries.filter((delivery) => delivery.callId === callId);
    return boardCall(call, this.#events.get(callId) ?? [], this.#packets.of(callId), deliveries, this.#played.get(callId));
  }

  async records(filter: RecordFilter): Promise<RecordPage> {
    const { page = 1, pageSize = 10 } = filter;
    const list = this.trtc.listRecords(filter);
    const records: ListedRecord[] = [];
    for await (const record of list) {
      records.push(record);
      if (records.length === pageSize) break;
    }
    const unreadable = [...list.unreadable];
    return { requestId: "", total: list.total ?? 0, page: records.length === 0 ? 0 : page, records, unreadable };
  }

  requests(after: number): LoggedRequest[] {
    return this.#packets.requests(after).map(({ request: _, reply: __, ...headline }) => headline);
  }

  request(id: number): LoggedRequest {
    const found = this.#packets.requests(0).find((known) => known.id === id);
    if (found === undefined) throw notFound("request", String(id));
    return found;
  }

  /** What came in, the newest first. */
  async deliveries(): Promise<WholeDelivery[]> {
    const path = `webhooks/deliveries?since=${this.#lastDelivery}`;
    const sent = await this.#control<{ id: number; url: string; body: object; happenedAt: number }[]>("GET", path);
    for (const { id, url, body } of sent) {
      if (id <= this.#lastDelivery) continue;
      this.#lastDelivery = id;
      this.#receive(this.#signed(url, body));
    }
    return [...this.#deliveries];
  }

  delivery(id: string): WholeDelivery {
    const delivery = this.#deliveries.find((known) => known.id === id);
    if (delivery === undefined) throw notFound("delivery", id);
    return delivery;
  }

  replay(id: string): WholeDelivery {
    return this.#receive(this.#signed(RECEIVER, this.delivery(id).body));
  }

  sendTest({ command, callId = crypto.randomUUID(), url }: TestDelivery): WholeDelivery {
    if (url !== undefined && url !== RECEIVER) throw cannotSend();
    return this.#receive(this.#signed(RECEIVER, testBody(command, callId, this.emulator.now())));
  }

  signUserSig({ userId, expireSeconds }: { userId: string; expireSeconds: number }): SignedUserSig {
    const now = Math.floor(this.emulator.now() / 1000);
    const userSig = UserSig.sign({ ...APPLICATION, userId, expire: expireSeconds, now });
    return { userSig, expiresAt: now + expireSeconds };
  }

  #signed(url: string, body: object | string): { url: string; body: string } {
    const now = Math.floor(this.emulator.now() / 1000);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const request = Webhook.signForTest({ ...APPLICATION, token: WEBHOOK_TOKEN, url, body: text, now });
    return { url: request.url, body: text };
  }

  #receive(webhook: { url: string; body: string }): WholeDelivery {
    const now = Math.floor(this.emulator.now() / 1000);
    const { sdkAppId } = APPLICATION;
    const { valid, reason, delivery } = Webhook.verify(webhook, { sdkAppId, token: WEBHOOK_TOKEN, now });
    this.#received += 1;
    const received: WholeDelivery = {
      id: String(this.#received),
      receivedAt: this.emulator.now(),
      direction: "in",
      command: delivery?.event.command ?? "",
      callId: delivery ? callIdOf(delivery.event) : null,
      verified: valid,
      status: reason ?? 200,
      query: new URL(webhook.url).search.slice(1),
      body: webhook.body,
    };
    this.#deliveries = [received, ...this.#deliveries].slice(0, KEPT);
    return received;
  }

  /** Makes calls that end one after the other, the last of them just now. */
  async #makeRecords(count: number, behind: number) {
    const step = Math.floor(behind / count);
    for (let index = 0; index < count; index += 1) {
      const callees = [madeUp(index)];
      if (index % 7 === 0) callees.push(`jill-${index % 11}`);
      await this.trtc.startCall({ robot: "robot", callees, media: index % 3 === 0 ? "audio" : "video", ringTimeout: 20_000 });
      this.emulator.advance(step);
      // The page stays alive meanwhile.
      if (index % 200 === 199) await new Promise((resolve) => setTimeout(resolve));
    }
  }

  async #control<Value>(method: string, path: string, body?: unknown): Promise<Value> {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await this.emulator.fetch(`http://emulator/emulator/${path}`, init);
    const value = await response.json();
    if (response.ok) return value as Value;
    const { field, rule, fix } = value.error;
    throw new BackendError({
      kind: "console",
      code: "emulator_refused",
      message: `${field}: ${rule}; ${fix}`,
      problems: [value.error],
    });
  }
}

/** A user whose name says what it does. Most answer, as people do. */
function madeUp(index: number): string {
  const kind = (index * 7919) % 20;
  if (kind < 2) return `reject-${index % 9}`;
  if (kind < 5) return `noanswer-${index % 9}`;
  if (kind === 5) return `busy-${index % 9}`;
  if (kind === 6) return `offline-${index % 9}`;
  const answer = 600 + ((index * 104_729) % 11_000);
  const talk = 4_000 + ((index * 15_485_863) % 40_000);
  return `answer-${answer}-hangup-${talk}`;
}

function callIdOf(event: { callId?: string | null; record?: { callId: string } }): string | null {
  return event.callId ?? event.record?.callId ?? null;
}

/** A delivery as the service documents it (https://trtc.io/document/68933 and its neighbours). */
function testBody(command: string, callId: string, now: number): object {
  const users = [{ User_Account: "jack", Status: "Calling" }];
  const base = { CallbackCommand: command, EventTime: now };
  if (command === "Call.CallbackAfterMemberChanged") {
    const changed = [{ User_Account: "jack", ActionType: "Answer" }];
    return { ...base, CallId: callId, UserList: users, ChangedUserList: changed };
  }
  if (command === "Call.CallbackAfterEndCall") {
    const end = Math.floor(now / 1000);
    const record = {
      CallId: callId,
      Caller_Account: "robot",
      MediaType: "Video",
      CallType: "SingleCall",
      StartTime: end - 60,
      AcceptTime: end - 50,
      EndTime: end,
      CallResult: "NormalEnd",
      CalleeList_Account: ["robot", "jack"],
      RoomId: "",
      RoomIdType: 0,
    };
    return { ...base, CallRecord: record };
  }
  const info = { CallId: callId, MediaType: "Video", ChatGroupId: "", RoomId: "", RoomIdType: 0 };
  return { ...base, CallInfo: info, UserList: users };
}

function notFound(what: string, id: string): BackendError {
  return new BackendError({ kind: "console", code: "not_found", message: `there is no ${what} ${id}` });
}

function notStarted({ failure }: PlayOutcome): BackendError {
  const message = failure?.message ?? "the call was ended before it was sent";
  return new BackendError({ kind: "console", code: failure?.code ?? "not_started", message });
}

function cannotSend(): BackendError {
  const problem: Problem = {
    field: "url",
    code: "not_set_up",
    parameters: { what: "outside" },
    rule: "cannot be reached from the simulation, which sends nothing out of the page",
    fix: "leave it out, or run trtc-call console",
  };
  const message = `${problem.field}: ${problem.rule}; ${problem.fix}`;
  return new BackendError({ kind: "build", code: "invalid_request", message, problems: [problem] });
}
