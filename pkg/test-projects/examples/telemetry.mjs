// What OpenTelemetry's own instrumentation records, with the example's redaction and without. Run with the path of the
// compiled example; prints how many checks passed.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const [, , example] = process.argv;
const require = createRequire(example);
const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = require("@opentelemetry/sdk-trace-node");
const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
const { trtc } = await import(example);

/** The spans of a call: their names with their attributes. */
async function spansOfCall() {
  exporter.reset();
  await trtc.startCall({ robot: "robot", callees: ["busy"], media: "audio" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return exporter.getFinishedSpans().map(({ name, attributes }) => ({ name, ...attributes }));
}

const USER_SIG = /eJ[A-Za-z0-9*_-]{60}/;
const spans = await spansOfCall();
const [own] = spans.filter(({ name }) => name === "trtc start_call_by_robot");
assert.equal(own["http.response.status_code"], 200);
assert.match(own["trtc.request_id"], /./);
const [http] = spans.filter(({ name }) => name === "POST");
assert.match(http["url.full"], /[?]sdkappid=.*&usersig=REDACTED&random=/);
assert.match(http["url.query"], /usersig=REDACTED/);
assert.doesNotMatch(JSON.stringify(spans), USER_SIG);

// The danger is real.
const { registerInstrumentations } = require("@opentelemetry/instrumentation");
const { UndiciInstrumentation } = require("@opentelemetry/instrumentation-undici");
registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
assert.match(JSON.stringify(await spansOfCall()), USER_SIG);
console.log(JSON.stringify({ passed: 6 }));
