// `onExchange`: what a client tells about each request, and what it keeps to itself.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { TransportError, TrtcCall } from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";

const application = { sdkAppId: 1400000001, secretKey: "MARKED-KEY" };
const call = { robot: "robot", callees: ["jack"], media: "audio", userData: "MARKED-TEXT" };

function reporting(more = {}) {
  const emulator = createEmulator(application);
  const reports = [];
  const onExchange = (report) => void reports.push(report);
  const options = { ...application, admin: "administrator", region: "singapore", fetch: emulator.fetch, onExchange };
  const trtc = new TrtcCall({ ...options, retryPolicy: { baseDelay: 1 }, cloud: testCredential, ...more });
  return { emulator, reports, trtc };
}

test("each attempt is told, with command, status, time and RequestId", async () => {
  const { emulator, reports, trtc } = reporting();
  emulator.inject({ fault: "rate_limit", command: "start_call_by_robot" });
  const before = Date.now();
  const { requestId } = await trtc.startCall(call);
  const facts = reports.map(({ command, attempt, status, error, willRetry }) => [command, attempt, status, error?.code, willRetry]);
  assert.deepEqual(facts, [
    ["start_call_by_robot", 1, 200, "call_frequency_limit", true],
    ["start_call_by_robot", 2, 200, undefined, false],
  ]);
  assert.equal(reports[1].requestId, requestId);
  assert.equal(reports[0].requestId, reports[0].error.requestId);
  for (const { startedAt, duration } of reports) {
    assert.ok(startedAt >= before - 2 && startedAt <= Date.now() && duration >= 0 && duration < 5000);
  }
});

test("no secret is in a report, and no body unless it is asked for", async () => {
  const { reports, trtc } = reporting();
  await trtc.startCall(call);
  await trtc.startStreamIngest({ room: 1, user: "robot", streamUrl: "https://example.com/a.mp3" });
  const shown = inspect(reports, { depth: 9, showHidden: true }) + JSON.stringify(reports);
  assert.match(shown, /usersig=\(hidden\)/);
  assert.ok(!/MARKED|eJ[A-Za-z0-9*_-]{60}/.test(shown), shown);
  const bodies = reports.map((report) => report.bodies());
  assert.match(bodies[0].request, /MARKED-TEXT/);
  assert.match(bodies[0].reply, /"CallId"/);
  assert.match(bodies[1].request, /"UserSig":"\(hidden\)"/);
  assert.ok(!/eJ[A-Za-z0-9*_-]{60}/.test(JSON.stringify(bodies)));
});

test("a host that cannot be connected to is told, and then the one that was asked in its place", async () => {
  const { emulator, reports, trtc } = reporting({
    fetch: (url, init) => {
      if (!String(url).includes("my-imcloud")) throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } });
      return emulator.fetch(url, init);
    },
  });
  await trtc.startCall(call);
  const facts = reports.map(({ url, attempt, status, error, willRetry }) => [new URL(url).host, attempt, status, error?.code, willRetry]);
  assert.deepEqual(facts, [
    ["adminapisgp.im.qcloud.com", 1, null, "connect_failed", true],
    ["adminapisgp.my-imcloud.com", 1, 200, undefined, false],
  ]);
  assert.ok(reports[0].error instanceof TransportError);
});

test("played calls are told of too", async () => {
  const { reports, trtc } = reporting();
  const plan = { ...call, callees: ["answer-0"], room: 7, pollInterval: 250 };
  await trtc.playCall({ ...plan, streamUrl: "https://example.com/plays-100.mp3" }).outcome;
  const commands = new Set(reports.map(({ command }) => command));
  for (const command of ["start_call_by_robot", "StartStreamIngest"]) assert.ok(commands.has(command), [...commands].join());
  assert.ok(reports.every(({ requestId }) => requestId !== null));
});

test("a listener that throws changes nothing", async (t) => {
  const printed = [];
  t.mock.method(console, "error", (error) => printed.push(error.message));
  const { emulator, trtc } = reporting({ onExchange: () => { throw new Error("mine"); } });
  await trtc.startCall(call);
  assert.deepEqual([emulator.rings("jack"), printed], [1, ["mine"]]);
});
