import type { Backend, LoggedRequest } from "../../backend/backend.ts";

/** What only asks, and how it is asked once more: what does something is sent by who wants it done. */
const READS: Record<string, (backend: Backend, sent: Record<string, unknown>) => Promise<unknown>> = {
  get_call_info: (backend, { CallId }) => backend.call(String(CallId)),
  get_record_by_callid: (backend, { CallId }) => backend.record(String(CallId)),
  get_record_by_filter: (backend, { StartTime, EndTime, CallResult, CallType, NumberPerPage, Page }) =>
    backend.records({
      ...(StartTime !== undefined && { startTime: Number(StartTime) }),
      ...(EndTime !== undefined && { endTime: Number(EndTime) }),
      ...(CallResult !== undefined && { result: String(CallResult) }),
      ...(CallType !== undefined && { callType: String(CallType) }),
      ...(NumberPerPage !== undefined && { pageSize: Number(NumberPerPage) }),
      ...(Page !== undefined && { page: Number(Page) }),
    }),
  get_callback: (backend) => backend.callback(),
};

/** Whether a request is safe to send again. */
export function isSafeAgain({ command }: LoggedRequest): boolean {
  return command in READS;
}

/** Sends it again. That it is refused is an answer, too, and in the log. */
export async function sendAgain(backend: Backend, { command, request = "" }: LoggedRequest): Promise<void> {
  const body = request.slice(request.indexOf("\n\n") + 2);
  try {
    await READS[command]?.(backend, JSON.parse(body || "{}") as Record<string, unknown>);
  } catch {}
}
