// The cloud API's sans-IO layer: its requests and replies as data.
import type * as glue from "../wasm/trtc_call_wasm.js";
import { fromFailure } from "./errors.js";
import { type HttpRequest, readyRequest } from "./http-request.js";
import { borrowedBytesOf, toJson } from "./json-text.js";
import { unixSeconds } from "./signer.js";
import type {
  DismissRoom,
  RemoveUser,
  StartedStreamIngest,
  StartStreamIngest,
  StreamIngestStatus,
  TaskReference,
  UpdateStreamIngest,
} from "./stream-ingest.js";
import type { Acknowledged, Open } from "./types.js";
import { core } from "./wasm.js";

/** An access key of the cloud account, which the console shows under access management. Keep it on the server. */
export interface CloudCredential {
  /** The public half. */
  secretId: string;
  /** The secret half. It is not the application's key, which makes UserSigs. */
  secretKey: string;
  /** The token of a temporary one. */
  token?: string | undefined;
}

/**
 * How the account codes the kinds of room for stream ingest. The vendor's pages contradict each other: by
 * `numeric-0`, the default, a numeric room is 0 and a string room 1; by `numeric-1` it is the other way round.
 *
 * **A wrong one puts the robot into another room without any error.** To find out, start a stream into a room that
 * somebody listens in; if nothing is heard, it is the other.
 */
export type IngestRoomIdCoding = "numeric-0" | "numeric-1";

/** Where the cloud API is. */
export interface CloudSite {
  /** The site that the account was made on. Default: `mainland`. */
  host?: "mainland" | "international" | undefined;
  /** Another server in place of `host`: a proxy that passes the `Host` header on, or the emulator. */
  baseUrl?: string | undefined;
  /** Accepts plain `http` for any host. **Everyone on the way reads the robot's UserSig.** */
  plainHttp?: boolean | undefined;
  /** The region that pulls the streams. Default: `ap-singapore`. */
  region?: Open<"ap-singapore" | "ap-guangzhou" | "ap-beijing" | "ap-shanghai" | "ap-tokyo"> | undefined;
}

/** Who talks to the cloud API (stream ingest, rooms), and where it is. */
export interface CloudOptions extends CloudCredential, CloudSite {
  /**
   * Whether robots bring a PrivateMapKey for their room: for applications that use advanced permissions. Default:
   * they do not.
   */
  privateMapKeys?: boolean | undefined;
  /** The most requests per second of each action; more wait their turn. Default 20, the vendor's limit; `null`: none. */
  requestsPerSecond?: number | null | undefined;
}

/** Who sends a request to the cloud API, and where to. */
export interface CloudAccount extends CloudCredential, CloudSite {
  /** The application's SDKAppID. */
  sdkAppId: number;
  /** How the account codes the kinds of room. */
  ingestRoomIdCoding?: IngestRoomIdCoding | undefined;
  /** Accepts names outside the UserID rule, as older applications have them. */
  allowAnyUserId?: boolean | undefined;
  /** When the request is signed, in Unix seconds: it holds for 5 minutes. Default: now. */
  now?: number | undefined;
}

/** Builds requests to the cloud API. The functions are named as the service names its actions. */
export interface BuildAction {
  /** `StartStreamIngest`: plays a stream into a room. **Each time it is sent.** */
  startStreamIngest(request: StartStreamIngest, account: CloudAccount): HttpRequest;
  /** `UpdateStreamIngest`: changes what a task plays, and how. */
  updateStreamIngest(request: UpdateStreamIngest, account: CloudAccount): HttpRequest;
  /** `DescribeStreamIngest`: tells how a task is getting on. */
  describeStreamIngest(request: TaskReference, account: CloudAccount): HttpRequest;
  /** `StopStreamIngest`: ends a task. */
  stopStreamIngest(request: TaskReference, account: CloudAccount): HttpRequest;
  /** `DismissRoom`: removes everybody from a numeric room. */
  dismissRoom(request: DismissRoom<number>, account: CloudAccount): HttpRequest;
  /** `DismissRoomByStrRoomId`: removes everybody from a string room. */
  dismissRoomByStrRoomId(request: DismissRoom<string>, account: CloudAccount): HttpRequest;
  /** `RemoveUser`: removes users from a numeric room. */
  removeUser(request: RemoveUser<number>, account: CloudAccount): HttpRequest;
  /** `RemoveUserByStrRoomId`: removes users from a string room. */
  removeUserByStrRoomId(request: RemoveUser<string>, account: CloudAccount): HttpRequest;
}

/** Reads replies of the cloud API. The functions are named as the service names its actions. */
export interface ParseAction {
  /** The reply to `StartStreamIngest`. */
  startStreamIngest(status: number, body: string | Uint8Array): StartedStreamIngest;
  /** The reply to `UpdateStreamIngest`. */
  updateStreamIngest(status: number, body: string | Uint8Array): StreamIngestStatus;
  /** The reply to `DescribeStreamIngest`. */
  describeStreamIngest(status: number, body: string | Uint8Array): StreamIngestStatus;
  /** The reply to `StopStreamIngest`. */
  stopStreamIngest(status: number, body: string | Uint8Array): StreamIngestStatus;
  /** The reply to `DismissRoom`. */
  dismissRoom(status: number, body: string | Uint8Array): Acknowledged;
  /** The reply to `DismissRoomByStrRoomId`. */
  dismissRoomByStrRoomId(status: number, body: string | Uint8Array): Acknowledged;
  /** The reply to `RemoveUser`. */
  removeUser(status: number, body: string | Uint8Array): Acknowledged;
  /** The reply to `RemoveUserByStrRoomId`. */
  removeUserByStrRoomId(status: number, body: string | Uint8Array): Acknowledged;
}

/** @internal */
export const buildAction: BuildAction = {
  startStreamIngest: (request, account) => buildOnce("StartStreamIngest", request, account),
  updateStreamIngest: (request, account) => buildOnce("UpdateStreamIngest", request, account),
  describeStreamIngest: (request, account) => buildOnce("DescribeStreamIngest", request, account),
  stopStreamIngest: (request, account) => buildOnce("StopStreamIngest", request, account),
  dismissRoom: (request, account) => buildOnce("DismissRoom", request, account),
  dismissRoomByStrRoomId: (request, account) =>
    buildOnce("DismissRoomByStrRoomId", request, account),
  removeUser: (request, account) => buildOnce("RemoveUser", request, account),
  removeUserByStrRoomId: (request, account) => buildOnce("RemoveUserByStrRoomId", request, account),
};

/** @internal */
export const parseAction: ParseAction = {
  startStreamIngest: (status, body) => parseOnce("StartStreamIngest", status, body),
  updateStreamIngest: (status, body) => parseOnce("UpdateStreamIngest", status, body),
  describeStreamIngest: (status, body) => parseOnce("DescribeStreamIngest", status, body),
  stopStreamIngest: (status, body) => parseOnce("StopStreamIngest", status, body),
  dismissRoom: (status, body) => parseOnce("DismissRoom", status, body),
  dismissRoomByStrRoomId: (status, body) => parseOnce("DismissRoomByStrRoomId", status, body),
  removeUser: (status, body) => parseOnce("RemoveUser", status, body),
  removeUserByStrRoomId: (status, body) => parseOnce("RemoveUserByStrRoomId", status, body),
};

/** Every text on the way to a signature. `authorization` is a secret for the 5 minutes that it holds. */
export interface Tc3Stages {
  /** What is signed of the request. */
  canonicalRequest: string;
  /** Its hash with time, day and service. */
  stringToSign: string;
  /** HMAC of that text, in hexadecimal. */
  signature: string;
  /** The `Authorization` header. */
  authorization: string;
}

/**
 * Signs a request to the cloud API (TC3-HMAC-SHA256) and shows every step, to compare with the vendor's tools.
 *
 * @throws InvalidRequestError that lists all problems.
 */
export function tc3Stages(
  request: CloudCredential & {
    /** The `Host` header, such as `trtc.tencentcloudapi.com`. */
    host: string;
    /** The action, such as `StopStreamIngest`. */
    action: string;
    /** When it is signed, in Unix seconds. */
    timestamp: number;
    /** The body's text. */
    body: string;
    /** The region, which the signature does not cover. */
    region?: string | undefined;
    /** Another service of the cloud API. Default: `trtc`. */
    service?: string | undefined;
    /** The version of its API. Default: `2019-07-22`. */
    version?: string | undefined;
  },
): Tc3Stages {
  const json = toJson(request);
  const { tc3Stages } = core();
  try {
    return JSON.parse(tc3Stages(json));
  } catch (failure) {
    throw fromFailure(failure);
  }
}

function buildOnce(
  action: string,
  request: object,
  { now = unixSeconds(), allowAnyUserId = false, ...account }: CloudAccount,
): HttpRequest {
  const kept = accountOf(toJson(account));
  return buildActionRequest(kept, action, now, toJson(request), allowAnyUserId);
}

// The key of the day is derived with the first request that is signed, so the last account is kept.
let last: { json: string; account: glue.CloudAccount } | undefined;

function accountOf(json: string): glue.CloudAccount {
  if (last?.json === json) return last.account;
  const account = openCloudAccount(json);
  last?.account.free();
  last = { json, account };
  return account;
}

/**
 * Who sends requests to the cloud API, kept ready in the core; `json` holds the properties.
 *
 * @internal
 */
export function openCloudAccount(json: string): glue.CloudAccount {
  const { CloudAccount } = core();
  try {
    return new CloudAccount(json);
  } catch (failure) {
    throw fromFailure(failure);
  }
}

/**
 * Builds the request whose properties `json` holds, signed at `now`.
 *
 * @internal
 */
export function buildActionRequest(
  account: glue.CloudAccount,
  action: string,
  now: number,
  json: string,
  allowAnyUserId: boolean,
): HttpRequest {
  try {
    return readyRequest(core().buildAction(account, action, now, json, allowAnyUserId));
  } catch (failure) {
    throw fromFailure(failure);
  }
}

function parseOnce<Reply>(action: string, status: number, body: string | Uint8Array): Reply {
  try {
    return JSON.parse(core().parseAction(action, status, borrowedBytesOf(body)));
  } catch (failure) {
    throw fromFailure(failure);
  }
}
