// What the types tell, and what they refuse. It is compiled, and never run.
import {
  createWebhookHandler,
  type ErrorCode,
  type IngestEvent,
  IngestWebhook,
  type RawWebhook,
  ServerError,
  TransportError,
  type TransportErrorCode,
  TrtcCall,
  TrtcCallError,
  type TrtcCallOptions,
  UserSig,
  Webhook,
  type WebhookEvent,
} from "trtc-call";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(isSame: Same<A, B>): void;
declare const variable: string | undefined;

export function anEventNarrowsOnItsCommand(event: WebhookEvent): string {
  switch (event.command) {
    case "Call.CallbackAfterStartCall":
      return event.members.map(({ userId }) => userId).join();
    case "Call.CallbackAfterMemberChanged":
      return event.changes.map(({ action }) => action).join();
    case "Call.CallbackAfterEndCall":
      return event.record.result;
    default:
      same<typeof event.callId, null>(true);
      // @ts-expect-error: an unknown event has no members.
      void event.members;
      return String(event.command) === "Call.CallbackOfNextYear" ? "known here" : event.command;
  }
}

export function anIngestEventNarrowsOnItsKind(event: IngestEvent): string {
  if (event.kind !== "unknown") return event.taskId;
  same<typeof event.taskId, string | null>(true);
  return event.taskId ?? "";
}

export function aVerdictTellsByValid(webhook: RawWebhook): void {
  const receiver = { sdkAppId: 1, token: variable };
  const verdict = Webhook.verify(webhook, receiver);
  if (verdict.valid) console.log(verdict.delivery.event.command);
  else same<typeof verdict.message, string>(true);
  // @ts-expect-error: it has to be asked first.
  void verdict.delivery.event;
  const { valid, delivery, reason } = IngestWebhook.verify({ ...webhook, sign: "", sdkAppId: "" }, { sdkAppId: 1, key: variable });
  console.log(valid ? delivery.event.kind : reason.length);
  const token = UserSig.verify("", { sdkAppId: 1, secretKey: variable, userId: "jack" });
  console.log(token.valid ? token.claims.identifier : token.reason);
}

export function aCodeIsAWordOfAListAndMayBeAnother(error: unknown): void {
  if (error instanceof TransportError) {
    same<typeof error.code, TransportErrorCode>(true);
  } else if (error instanceof ServerError && error.code === "call_not_found") {
    console.log(error.isGone);
  } else if (error instanceof TrtcCallError) {
    const code: ErrorCode = error.code;
    console.log(code === "a_code_of_next_year");
  }
}

export async function aStartedCallHasAName(trtc: TrtcCall): Promise<void> {
  const { callId } = await trtc.startCall({ robot: "robot", callees: ["jack"], media: "audio" });
  same<typeof callId, string>(true);
}

/** What Next.js hands to a route, and Cloudflare to a worker. */
type RouteContext = { params: Promise<{ id: string }> };
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
  passThroughOnException(): void;
}
const handler = createWebhookHandler({ sdkAppId: 1, token: variable });
export const POST: (request: Request, context: RouteContext) => Promise<Response> = handler;
export const onWorkers: (request: Request, context: ExecutionContext) => Promise<Response> = handler;

const account = { sdkAppId: 1, secretKey: variable, admin: "administrator" };
export const options: TrtcCallOptions[] = [
  { ...account, region: "seoul" },
  { ...account, baseUrl: "http://127.0.0.1:8099" },
  { ...account, ...(variable ? { baseUrl: variable } : { region: "seoul" }) },
  // @ts-expect-error: neither region nor baseUrl.
  { ...account },
  // @ts-expect-error: both.
  { ...account, region: "seoul", baseUrl: "http://127.0.0.1:8099" },
  // @ts-expect-error: no such region.
  { ...account, region: "mars" },
];
