/**
 * Ring phones from a server with Tencent RTC.
 *
 * @packageDocumentation
 */
export { advise } from "./advice.js";
export { CallTimeline, type CallState, type HistoryEntry, type MemberState } from "./call-timeline.js";
export {
  type BuildAction,
  type CloudAccount,
  type CloudCredential,
  type CloudOptions,
  type CloudSite,
  type IngestRoomIdCoding,
  type ParseAction,
  type Tc3Stages,
  tc3Stages,
} from "./cloud.js";
export { type Account, type Build, build, type Parse, parse, type RequestSender, type Target } from "./commands.js";
export {
  type ActionErrorCode,
  type CommandErrorCode,
  type ErrorCode,
  type ErrorCodeEntry,
  explainErrorCode,
  type ParseErrorCode,
  type PrivateMapKeyReason,
  type TransportErrorCode,
} from "./error-code.js";
export {
  type Effect,
  type ErrorKind,
  InvalidRequestError,
  OutcomeUnknownError,
  ParseError,
  PrivateMapKeyError,
  type Problem,
  type ProblemCode,
  ServerError,
  TransportError,
  TrtcCallError,
  UserSigError,
} from "./errors.js";
export type { ExchangeReport } from "./exchange-report.js";
export type { HttpRequest } from "./http-request.js";
export {
  createIngestWebhookHandler,
  type IngestDelivery,
  type IngestEvent,
  type IngestListeners,
  type IngestReceiver,
  type IngestTaskEvent,
  type IngestVerdict,
  IngestWebhook,
  type RawIngestWebhook,
  type UnknownIngestEvent,
} from "./ingest-webhook.js";
export {
  type EndReason,
  type PlayCall,
  PlayedCall,
  type PlayEvent,
  type PlayFailure,
  type PlayOptions,
  type PlayOutcome,
  type PlayPhase,
} from "./played-call.js";
export type { Builders, Named, Readers } from "./named.js";
export { type Grant, PrivateMapKey, type Privilege } from "./private-map-key.js";
export type { RetryPolicy } from "./retry.js";
export {
  type Ring,
  RingNotWrittenError,
  type RingOnceOptions,
  type RingOutcome,
  type RingVerdict,
} from "./ring-once.js";
export { type DurableQueueStorage, type EnqueueOptions, RingQueue } from "./ring-queue.js";
export {
  durableObjectStore,
  type DurableStorage,
  type DurableValues,
  memoryStore,
  type PostgresStore,
  postgresStore,
  type Query,
  type RingStore,
  type RingWrite,
} from "./ring-stores.js";
export type { Application, Validity } from "./signer.js";
export { RecordList } from "./record-list.js";
export { recordsToCsv } from "./records-csv.js";
export type {
  DismissRoom,
  RemoveUser,
  StartedStreamIngest,
  StartStreamIngest,
  Stream,
  StreamIngestStatus,
  TaskReference,
  UpdateStreamIngest,
} from "./stream-ingest.js";
export { type RequestOptions, type RoomClient, TrtcCall, type TrtcCallOptions, type TrtcCallSettings } from "./trtc-call.js";
export type {
  Acknowledged,
  Advice,
  AdviceCode,
  AndroidPush,
  ApnsPush,
  CallbackConfiguration,
  CallInfo,
  CallRecord,
  CallRecordReply,
  CallReference,
  CallResult,
  CalleeResult,
  CallType,
  EndedCall,
  FurtherFields,
  HarmonyPush,
  JsonObject,
  ListedRecord,
  Media,
  MediaType,
  Member,
  MemberStatus,
  OfflinePush,
  Open,
  RecordFilter,
  RecordPage,
  Region,
  Room,
  SetCallback,
  StartCall,
  StartCallReply,
  StartedCall,
  UntoldRoom,
} from "./types.js";
export { UserSig, type UserSigClaims, type UserSigReason, type UserSigVerdict } from "./user-sig.js";
export {
  type CallbackCommand,
  type CallEnded,
  type CallStarted,
  createUnsignedWebhookHandler,
  createWebhookHandler,
  type MemberAction,
  type MembersChanged,
  type RawWebhook,
  type UnknownCommand,
  type UnknownEvent,
  Webhook,
  type WebhookDelivery,
  type WebhookEvent,
  type WebhookListener,
  type WebhookListeners,
  type WebhookReceiver,
  type WebhookVerdict,
} from "./webhook.js";
export type { RefusalListeners, Verdict, WaitUntil, WebhookHandler, WebhookReason } from "./webhook-receiver.js";
