// The cloud API's sans-IO layer: its requests and replies as data.
import { bytesOf } from "./body-bytes.js";
import { guarded } from "./errors.js";
import { type HttpRequest, readyRequest } from "./http-request.js";
import { Kept } from "./kept.js";
import { type Builders, forEach, named, type Readers } from "./named.js";
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

/**
 * An access key of the cloud account, which the console shows under access management. Keep it on the server.
 * `undefined` is a problem like any other.
 */
export interface CloudCredential {
  /** The public half. */
  secretId: string | undefined;
  /** The secret half. It is not the application's key, which makes UserSigs. */
  secretKey: string | undefined;
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
  /** The longest that a request may wait its turn, in milliseconds: see `TrtcCallOptions`. */
  maxWait?: number | undefined;
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

/** Every action. */
export const actions = {
  /** `StartStreamIngest`: plays a stream into a room. **Each time it is sent.** */
  startStreamIngest: named<StartStreamIngest, StartedStreamIngest>("StartStreamIngest"),
  /** `UpdateStreamIngest`: changes what a task plays, and how. */
  updateStreamIngest: named<UpdateStreamIngest, StreamIngestStatus>("UpdateStreamIngest"),
  /** `DescribeStreamIngest`: tells how a task is getting on. */
  describeStreamIngest: named<TaskReference, StreamIngestStatus>("DescribeStreamIngest"),
  /** `StopStreamIngest`: ends a task. */
  stopStreamIngest: named<TaskReference, StreamIngestStatus>("StopStreamIngest"),
  /** `DismissRoom`: removes everybody from a numeric room. */
  dismissRoom: named<DismissRoom<number>, Acknowledged>("DismissRoom"),
  /** `DismissRoomByStrRoomId`: removes everybody from a string room. */
  dismissRoomByStrRoomId: named<DismissRoom<string>, Acknowledged>("DismissRoomByStrRoomId"),
  /** `RemoveUser`: removes users from a numeric room. */
  removeUser: named<RemoveUser<number>, Acknowledged>("RemoveUser"),
  /** `RemoveUserByStrRoomId`: removes users from a string room. */
  removeUserByStrRoomId: named<RemoveUser<string>, Acknowledged>("RemoveUserByStrRoomId"),
};

/** Builds requests to the cloud API. The functions are named as the service names its actions. */
export type BuildAction = Builders<typeof actions, CloudAccount>;

/** Reads replies of the cloud API. The functions are named as the service names its actions. */
export type ParseAction = Readers<typeof actions>;

/** @internal */
export const buildAction = forEach(actions, ({ name }) => (request: object, account: CloudAccount) =>
  buildOnce(name, request, account),
) as BuildAction;

/** @internal */
export const parseAction = forEach(actions, ({ name }) => (status: number, body: string | Uint8Array) =>
  guarded(() => core().readActionReply(name, status, bytesOf(body))),
) as ParseAction;

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
  return guarded(() => core().tc3Stages(request));
}

function buildOnce(
  name: string,
  request: object,
  { now = unixSeconds(), allowAnyUserId = false, ...account }: CloudAccount,
): HttpRequest {
  const opened = accounts.of(account);
  return guarded(() => {
    const ready = new (core().ActionRequest)(name, request, allowAnyUserId);
    try {
      return readyRequest(ready.build(opened, now));
    } finally {
      ready.free();
    }
  });
}

// The key of the day is derived with the first request that is signed.
const accounts = new Kept((account: object) => new (core().CloudAccount)(account));
