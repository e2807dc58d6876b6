// The sans-IO layer: requests and replies as data, for people who bring their own transport.
import type * as glue from "../wasm/trtc_call_wasm.js";
import { bytesOf } from "./body-bytes.js";
import { type BuildAction, buildAction, type ParseAction, parseAction } from "./cloud.js";
import { guarded } from "./errors.js";
import { type HttpRequest, readyRequest } from "./http-request.js";
import { Kept } from "./kept.js";
import { type Builders, forEach, named, type Readers } from "./named.js";
import { requireTexts, unixSeconds } from "./signer.js";
import type {
  Acknowledged,
  CallbackConfiguration,
  CallInfo,
  CallRecordReply,
  CallReference,
  EndedCall,
  FurtherFields,
  RecordFilter,
  RecordPage,
  Region,
  SetCallback,
  StartCall,
  StartCallReply,
} from "./types.js";
import { core } from "./wasm.js";

/** Where requests go to: a region, or another server. */
export type Target =
  | {
      /** Where the application was made; the other regions do not know its SDKAppID. */
      region: Region;
      baseUrl?: undefined;
    }
  | {
      region?: undefined;
      /** Another server: a proxy, or the emulator. Plain `http` is accepted for this machine itself only. */
      baseUrl: string;
    };

/** Who sends a request, and where to. */
export type Account = RequestSender & Target;

/** Who sends a request. */
export interface RequestSender {
  /** The application's SDKAppID, as the console shows it. */
  sdkAppId: number;
  /** An App admin account: the only kind that may call the service. */
  admin: string;
  /** The admin's UserSig. It may be reused until it expires. */
  userSig: string;
  /** Accepts plain `http` for any host. **Everyone on the way reads the UserSig.** */
  plainHttp?: boolean | undefined;
  /** Accepts names outside the UserID rule, as older applications have them. */
  allowAnyUserId?: boolean | undefined;
  /** A 32-bit number, fresh for each request. Default: a random one. */
  random?: number | undefined;
}


/** Every command. */
export const commands = {
  /** `POST /v4/call_engine_http_srv/start_call_by_robot`: rings phones. */
  startCallByRobot: named<StartCall, StartCallReply>("start_call_by_robot"),
  /** `POST /v4/call_engine_http_srv/get_call_info`: tells who is in a call. */
  getCallInfo: named<CallReference, CallInfo>("get_call_info"),
  /** `POST /v4/call_engine_http_srv/end_call`: ends a call. */
  endCall: named<CallReference, EndedCall>("end_call"),
  /** `POST /v4/call_record_http_srv/get_record_by_callid`: tells what became of a call. */
  getRecordByCallid: named<CallReference, CallRecordReply>("get_record_by_callid"),
  /**
   * `POST /v4/call_record_http_srv/get_record_by_filter`: lists a page of records. Where there is none, the service
   * may answer `record_not_found`.
   */
  getRecordByFilter: named<RecordFilter, RecordPage>("get_record_by_filter"),
  /** `POST /v4/call_config/set_callback`: sets where webhooks go. Replaces the whole configuration. */
  setCallback: named<SetCallback, Acknowledged>("set_callback"),
  /**
   * `POST /v4/call_config/get_callback`: tells where webhooks go. The request is `{}`. Where there is no
   * configuration, the service answers `callback_not_configured`.
   */
  getCallback: named<FurtherFields, CallbackConfiguration>("get_callback"),
  /**
   * `POST /v4/call_config/delete_callback`: has no more webhooks sent. The request is `{}`. Where there is no
   * configuration, the service answers `callback_not_configured`.
   */
  deleteCallback: named<FurtherFields, Acknowledged>("delete_callback"),
};

/** Builds requests. The functions are named as the service names its commands and actions. */
export type Build = Builders<typeof commands, Account> & BuildAction;

/** Reads replies. The functions are named as the service names its commands and actions. */
export type Parse = Readers<typeof commands> & ParseAction;

/**
 * Builds the HTTP request of a command or action, without sending it.
 *
 * Each function throws an `InvalidRequestError` that lists all problems.
 */
export const build: Build = {
  ...forEach(commands, ({ name }) => (request: object, account: Account) =>
    buildOnce(name, name === commands.getRecordByFilter.name ? withNow(request) : request, account),
  ),
  ...buildAction,
} as Build;

/**
 * Reads the reply to a command or action: the HTTP status, and the body as text or bytes.
 *
 * Each function throws a `ServerError` when the service refused, and a `ParseError` when the reply is not what
 * the service documents.
 */
export const parse: Parse = {
  ...forEach(commands, ({ name }) => (status: number, body: string | Uint8Array) =>
    guarded(() => core().readReply(name, status, bytesOf(body))),
  ),
  ...parseAction,
} as Parse;

/**
 * The filter with the present, to which its times refer.
 *
 * @internal
 */
export function withNow(filter: RecordFilter, now = unixSeconds()): RecordFilter {
  return { now, ...filter };
}

function buildOnce(name: string, request: object, account: Account): HttpRequest {
  const { userSig, random, ...access } = account;
  requireTexts({ userSig });
  const opened = accounts.of(access);
  return guarded(() => {
    const { CommandRequest } = core();
    const ready = new CommandRequest(name, request, access.allowAnyUserId === true);
    try {
      return readyRequest(ready.build(opened.with(userSig), random));
    } finally {
      ready.free();
    }
  });
}

/**
 * Who sends requests and where to, kept ready in the core.
 *
 * @internal
 */
export class OpenAccount {
  readonly #handle: glue.Account;
  #userSig: string | undefined;

  /** @throws InvalidRequestError that lists all problems. */
  constructor(given: object) {
    const { Account } = core();
    this.#handle = guarded(() => new Account(given));
  }

  /** The account with the admin's UserSig, which crosses into the core once. */
  with(userSig: string): glue.Account {
    if (userSig !== this.#userSig) {
      this.#handle.setUserSig(userSig);
      this.#userSig = userSig;
    }
    return this.#handle;
  }

  /** Turns to the region's other host after no connection was made to that of the URL; whether there is one. */
  turnFrom(url: string): boolean {
    return this.#handle.turnFrom(url);
  }

  free(): void {
    this.#handle.free();
  }
}

const accounts = new Kept((access: Omit<RequestSender, "userSig" | "random"> & Target) => new OpenAccount(access));
