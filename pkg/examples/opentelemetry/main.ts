// OpenTelemetry: a span for each request that is sent, and a UserSig in none.
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { type ExchangeReport, TrtcCall } from "trtc-call";

// Without this, `url.full` and `url.query` hold the UserSig, and whoever reads the traces can act as the administrator.
const startSpanHook = ({ origin, path }: { origin: string; path: string }) => {
  const hidden = path.replace(/([?&]usersig=)[^&]*/i, "$1REDACTED");
  return { "url.full": origin + hidden, "url.query": new URL(hidden, origin).search };
};
registerInstrumentations({ instrumentations: [new UndiciInstrumentation({ startSpanHook })] });

const tracer = trace.getTracer("trtc-call");
function onExchange({ command, attempt, url, startedAt, duration, status, requestId, error }: ExchangeReport) {
  const span = tracer.startSpan(`trtc ${command}`, { kind: SpanKind.CLIENT, startTime: startedAt });
  span.setAttributes({ "rpc.method": command, "url.full": url, "trtc.attempt": attempt });
  if (status !== null) span.setAttribute("http.response.status_code", status);
  if (requestId !== null) span.setAttribute("trtc.request_id", requestId);
  if (error) span.setAttribute("error.type", error.code).setStatus({ code: SpanStatusCode.ERROR });
  span.end(startedAt + duration);
}

export const trtc = new TrtcCall({
  sdkAppId: Number(process.env.TRTC_SDKAPPID),
  secretKey: process.env.TRTC_SECRET_KEY,
  admin: "administrator",
  baseUrl: process.env.TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com",
  onExchange,
});
