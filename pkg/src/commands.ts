// The sans-IO layer: requests and replies as data, for people who bring their own transport.
import type * as glue from "../wasm/trtc_call_wasm.js";
import {
  CallConfigCommand as Config,
  CallEngineCommand as Engine,
  CallRecordCommand as Records,
} from "../wasm/trtc_call_wasm.js";
import { type BuildAction, buildAction, type ParseAction, parseAction } from "./cloud.js";
import { fromFailure } from "./errors.js";
import { type HttpRequest, readyRequest } from "./http-request.js";
import { borrowedBytesOf, toJson } from "./json-text.js";
import { requireTexts, unixSeconds } from "./signer.js";
import type {
  Acknowledged,
  CallbackConfiguration,
  CallInfo,
  CallRecordReply,
  CallReference,
  EndedCall,
  RecordFilter,
  RecordPage,
  Region,
  SetCallback,
  StartCall,
  StartedCall,
} from "./types.js";
import { core } from "./wasm.js";

/** Who sends a request, and where to. */
export interface Account {
  /** The application's SDKAppID, as the console shows it. */
  sdkAppId: number;
  /** An App admin account: the only kind that may call the service. */
  admin: string;
  /** The admin's UserSig. It may be reused until it expires. */
  userSig: string;
  /** Where the application was made. Either this or `baseUrl` must be given. */
  region?: Region | undefined;
  /** Another server: a proxy, or the emulator. Plain `http` is accepted for this machine itself only. */
  baseUrl?: string | undefined;
  /** Accepts plain `http` for any host. **Everyone on the way reads the UserSig.** */
  plainHttp?: boolean | undefined;
  /** Accepts names outside the UserID rule, as older applications have them. */
  allowAnyUserId?: boolean | undefined;
  /** A 32-bit number, fresh for each request. Default: a random one. */
  random?: number | undefined;
}

/**
 * How a command is spoken.
 *
 * @internal
 */
export interface Command<Request, Reply> {
  /** What the service calls it. */
  readonly name: string;
  readonly build: (account: glue.Account, random: number, request: string) => string;
  readonly parse: (status: number, body: Uint8Array) => string;
  /** Never there: ties the types to the command. */
  readonly types?: [Request, Reply];
}

/**
 * Every command, by the service's own name for it.
 *
 * @internal
 */
export const commands = {
  startCallByRobot: callEngine<StartCall, StartedCall>("start_call_by_robot", Engine.StartCallByRobot),
  getCallInfo: callEngine<CallReference, CallInfo>("get_call_info", Engine.GetCallInfo),
  endCall: callEngine<CallReference, EndedCall>("end_call", Engine.EndCall),
  getRecordByCallid: callRecord<CallReference, CallRecordReply>("get_record_by_callid", Records.GetRecordByCallid),
  getRecordByFilter: callRecord<RecordFilter, RecordPage>("get_record_by_filter", Records.GetRecordByFilter),
  setCallback: callConfig<SetCallback, Acknowledged>("set_callback", Config.SetCallback),
  getCallback: callConfig<Nothing, CallbackConfiguration>("get_callback", Config.GetCallback),
  deleteCallback: callConfig<Nothing, Acknowledged>("delete_callback", Config.DeleteCallback),
};

type Nothing = Record<string, never>;

function callEngine<Request, Reply>(name: string, command: Engine): Command<Request, Reply> {
  return {
    name,
    build: (account, ...given) => core().buildCallEngine(account, command, ...given),
    parse: (...given) => core().parseCallEngine(command, ...given),
  };
}

function callRecord<Request, Reply>(name: string, command: Records): Command<Request, Reply> {
  return {
    name,
    build: (account, ...given) => core().buildCallRecord(account, command, ...given),
    parse: (...given) => core().parseCallRecord(command, ...given),
  };
}

function callConfig<Request, Reply>(name: string, command: Config): Command<Request, Reply> {
  return {
    name,
    build: (account, ...given) => core().buildCallConfig(account, command, ...given),
    parse: (...given) => core().parseCallConfig(command, ...given),
  };
}

/** Builds requests. The functions are named as the service names its commands and actions. */
export interface Build extends BuildAction {
  /** `POST /v4/call_engine_http_srv/start_call_by_robot`: rings phones. */
  startCallByRobot(request: StartCall, account: Account): HttpRequest;
  /** `POST /v4/call_engine_http_srv/get_call_info`: tells who is in a call. */
  getCallInfo(request: CallReference, account: Account): HttpRequest;
  /** `POST /v4/call_engine_http_srv/end_call`: ends a call. */
  endCall(request: CallReference, account: Account): HttpRequest;
  /** `POST /v4/call_record_http_srv/get_record_by_callid`: tells what became of a call. */
  getRecordByCallid(request: CallReference, account: Account): HttpRequest;
  /** `POST /v4/call_record_http_srv/get_record_by_filter`: lists a page of records. */
  getRecordByFilter(filter: RecordFilter, account: Account): HttpRequest;
  /** `POST /v4/call_config/set_callback`: sets where webhooks go. Replaces the whole configuration. */
  setCallback(callback: SetCallback, account: Account): HttpRequest;
  /** `POST /v4/call_config/get_callback`: tells where webhooks go. The request is `{}`. */
  getCallback(request: Record<string, never>, account: Account): HttpRequest;
  /** `POST /v4/call_config/delete_callback`: has no more webhooks sent. The request is `{}`. */
  deleteCallback(request: Record<string, never>, account: Account): HttpRequest;
}

/** Reads replies. The functions are named as the service names its commands and actions. */
export interface Parse extends ParseAction {
  /** The reply to `start_call_by_robot`. */
  startCallByRobot(status: number, body: string | Uint8Array): StartedCall;
  /** The reply to `get_call_info`. */
  getCallInfo(status: number, body: string | Uint8Array): CallInfo;
  /** The reply to `end_call`. */
  endCall(status: number, body: string | Uint8Array): EndedCall;
  /** The reply to `get_record_by_callid`. */
  getRecordByCallid(status: number, body: string | Uint8Array): CallRecordReply;
  /** The reply to `get_record_by_filter`. Where there is no record, the service may answer `record_not_found`. */
  getRecordByFilter(status: number, body: string | Uint8Array): RecordPage;
  /** The reply to `set_callback`. */
  setCallback(status: number, body: string | Uint8Array): Acknowledged;
  /** The reply to `get_callback`. Where there is none, the service answers `callback_not_configured`. */
  getCallback(status: number, body: string | Uint8Array): CallbackConfiguration;
  /** The reply to `delete_callback`. Where there is none, the service answers `callback_not_configured`. */
  deleteCallback(status: number, body: string | Uint8Array): Acknowledged;
}

/**
 * Builds the HTTP request of a command or action, without sending it.
 *
 * Each function throws an `InvalidRequestError` that lists all problems.
 */
export const build: Build = {
  startCallByRobot: (request, account) => buildOnce(commands.startCallByRobot, request, account),
  getCallInfo: (request, account) => buildOnce(commands.getCallInfo, request, account),
  endCall: (request, account) => buildOnce(commands.endCall, request, account),
  getRecordByCallid: (request, account) => buildOnce(commands.getRecordByCallid, request, account),
  getRecordByFilter: (filter, account) =>
    buildOnce(commands.getRecordByFilter, { now: unixSeconds(), ...filter }, account),
  setCallback: (callback, account) => buildOnce(commands.setCallback, callback, account),
  getCallback: (request, account) => buildOnce(commands.getCallback, request, account),
  deleteCallback: (request, account) => buildOnce(commands.deleteCallback, request, account),
  ...buildAction,
};

/**
 * Reads the reply to a command or action: the HTTP status, and the body as text or bytes.
 *
 * Each function throws a `ServerError` when the service refused, and a `ParseError` when the reply is not what
 * the service documents.
 */
export const parse: Parse = {
  startCallByRobot: (status, body) => parseReply(commands.startCallByRobot, status, body),
  getCallInfo: (status, body) => parseReply(commands.getCallInfo, status, body),
  endCall: (status, body) => parseReply(commands.endCall, status, body),
  getRecordByCallid: (status, body) => parseReply(commands.getRecordByCallid, status, body),
  getRecordByFilter: (status, body) => parseReply(commands.getRecordByFilter, status, body),
  setCallback: (status, body) => parseReply(commands.setCallback, status, body),
  getCallback: (status, body) => parseReply(commands.getCallback, status, body),
  deleteCallback: (status, body) => parseReply(commands.deleteCallback, status, body),
  ...parseAction,
};

function buildOnce<Request>(
  command: Command<Request, unknown>,
  request: Request,
  account: Account,
): HttpRequest {
  const { userSig, random = randomNumber() } = account;
  if (typeof userSig !== "string") requireTexts({ userSig });
  return buildRequest(command, accountOf(account).with(userSig), toJson(request), random);
}

// Opening an account costs more than building a request, so the last one is kept.
let last: { access: Record<string, unknown>; account: OpenAccount } | undefined;

function accountOf(given: Account): OpenAccount {
  if (last !== undefined && isSame(given, last.access)) return last.account;
  const { userSig: _, random: __, ...access } = given;
  const account = new OpenAccount(toJson(access));
  last?.account.handle.free();
  last = { access, account };
  return account;
}

/** Whether the account is given by the same properties, but for what each request brings along. */
function isSame(given: Account, access: Record<string, unknown>): boolean {
  let others = Object.keys(access).length;
  for (const name in given) {
    if (name === "userSig" || name === "random") continue;
    if (given[name as keyof Account] !== access[name]) return false;
    others -= 1;
  }
  return others === 0;
}

/**
 * Who sends requests and where to, kept ready in the core.
 *
 * @internal
 */
export class OpenAccount {
  /** The account as the core has it. */
  readonly handle: glue.Account;
  #userSig: string | undefined;

  /** `json` holds the account's properties. */
  constructor(json: string) {
    const { Account } = core();
    try {
      this.handle = new Account(json);
    } catch (failure) {
      throw fromFailure(failure);
    }
  }

  /** The account with the admin's UserSig, which crosses into the core once. */
  with(userSig: string): glue.Account {
    if (userSig !== this.#userSig) {
      this.handle.setUserSig(userSig);
      this.#userSig = userSig;
    }
    return this.handle;
  }
}

/**
 * Builds the request whose properties `json` holds.
 *
 * @internal
 */
export function buildRequest(
  command: Command<unknown, unknown>,
  account: glue.Account,
  json: string,
  random = randomNumber(),
): HttpRequest {
  try {
    return readyRequest(command.build(account, random, json));
  } catch (failure) {
    throw fromFailure(failure);
  }
}

function parseReply<Reply>(
  command: Command<unknown, Reply>,
  status: number,
  body: string | Uint8Array,
): Reply {
  try {
    return readReply(command, status, borrowedBytesOf(body));
  } catch (failure) {
    throw fromFailure(failure);
  }
}

/**
 * Reads a reply, throwing the core's own failure.
 *
 * @internal
 */
export function readReply<Reply>(
  command: Command<unknown, Reply>,
  status: number,
  body: Uint8Array,
): Reply {
  return JSON.parse(command.parse(status, body));
}

/**
 * A number from 0 to 4294967295.
 *
 * @internal
 */
export function randomNumber(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
