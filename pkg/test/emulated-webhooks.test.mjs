// Webhooks of the emulator in this process, handed to the handlers that users make.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createIngestWebhookHandler, createWebhookHandler, TrtcCall } from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";

const sdkAppId = 1400000001;
const secretKey = "the key of the emulated webhooks";
const webhookToken = "the token of the emulated webhooks";
const ingestWebhookKey = "thekeyofthestreams";
const call = { robot: "robot", callees: ["jack"], media: "audio", room: "room" };
const streamUrl = "https://example.com/plays-2000.mp3";

function rig(options) {
  const emulator = createEmulator({ sdkAppId, secretKey, ...options });
  const trtc = new TrtcCall({
    sdkAppId,
    secretKey,
    admin: "administrator",
    region: "singapore",
    cloud: testCredential,
    fetch: emulator.fetch,
  });
  return { emulator, trtc };
}

/** What became of each delivery's attempts. */
const outcomes = (emulator) =>
  emulator.deliveries().map(({ attempts }) => attempts.map(({ outcome, status }) => status ?? outcome));

test("a handler gets what happens in a call, signed and in order", async () => {
  const seen = [];
  const note = (event, { platform }) => void seen.push([event.command, event.callId, platform]);
  const refused = [];
  const webhooks = createWebhookHandler({
    sdkAppId,
    token: webhookToken,
    onStart: note,
    onMember: note,
    onEnd: note,
    onRefused: (refusal) => void refused.push(refusal),
  });
  const { emulator, trtc } = rig({ webhooks, webhookToken });
  const { callId } = await trtc.startCall(call);
  await emulator.settled();
  assert.deepEqual(seen.splice(0), [["Call.CallbackAfterStartCall", callId, "RESTAPI"]]);
  await emulator.advance(1500);
  assert.deepEqual(seen.splice(0).map(([command]) => command), ["Call.CallbackAfterMemberChanged"]);
  await emulator.advance(10_000);
  assert.equal(seen.at(-1)[0], "Call.CallbackAfterEndCall");
  assert.deepEqual(refused, []);
  assert.ok(emulator.deliveries().length >= 3);
  for (const { attempts, isOver, callId: of } of emulator.deliveries()) {
    assert.deepEqual([attempts.length, attempts[0].outcome, isOver, of], [1, "acknowledged", true, callId]);
  }
});

test("a handler with another token refuses, and reaches none of its functions", async () => {
  const seen = [];
  const webhooks = createWebhookHandler({ sdkAppId, token: "another", onStart: () => void seen.push(1) });
  const { emulator, trtc } = rig({ webhooks, webhookToken });
  await trtc.startCall(call);
  await emulator.settled();
  assert.deepEqual(outcomes(emulator), [[401]]);
  assert.deepEqual(seen, []);
});

test("what fails comes again a second later, three times in all", async () => {
  let asked = 0;
  const answers = [() => new Response(null, { status: 503 }), () => Promise.reject(new Error("down")), () => new Response("{}")];
  const webhooks = (request) => {
    assert.equal(request.method, "POST");
    assert.equal(request.headers.get("content-type"), "application/json");
    return answers[asked++]?.() ?? new Response(null, { status: 500 });
  };
  const { emulator, trtc } = rig({ webhooks });
  emulator.setScript("jack", { script: "no_answer" });
  await trtc.startCall(call);
  await emulator.settled();
  assert.deepEqual(outcomes(emulator), [[503]]);
  await emulator.advance(500);
  assert.deepEqual(outcomes(emulator), [[503]]);
  await emulator.advance(500);
  assert.deepEqual(outcomes(emulator), [[503, "not_reached"]]);
  assert.equal(emulator.deliveries()[0].isOver, false);
  await emulator.advance(1000);
  assert.deepEqual(outcomes(emulator), [[503, "not_reached", "acknowledged"]]);
  assert.equal(emulator.deliveries()[0].isOver, true);

  await trtc.endCall(emulator.calls()[0].callId);
  await emulator.settled();
  for (let more = 0; more < 5; more += 1) await emulator.advance(1000);
  assert.deepEqual(outcomes(emulator).at(-1), [500, 500, 500]);
});

test("one jump makes every attempt that falls due on the way, in order", async () => {
  const seen = [];
  const webhooks = async (request) => {
    seen.push((await request.json()).CallbackCommand.slice("Call.CallbackAfter".length));
    return new Response(null, { status: 500 });
  };
  const { emulator, trtc } = rig({ webhooks });
  emulator.setScript("jack", { script: "reject", afterMs: 1500 });
  await trtc.startCall(call);
  await emulator.advance(60_000);
  assert.deepEqual(outcomes(emulator), Array(3).fill([500, 500, 500]));
  assert.ok(emulator.deliveries().every(({ isOver }) => isOver));
  const times = emulator.deliveries().map(({ attempts }) => attempts.map(({ at }) => at));
  for (const [first, second, third] of times) {
    assert.ok(second - first >= 1000 && third - second >= 1000 && third - first < 10_000, String(times));
  }
  // The second attempt at the first comes before what happened half a second later.
  assert.deepEqual(seen.slice(0, 4), ["StartCall", "StartCall", "MemberChanged", "EndCall"]);
});

test("a receiver that does not answer within 2 s is given up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { emulator, trtc } = rig({ webhooks: () => new Promise(() => {}) });
  await trtc.startCall(call);
  const settled = emulator.settled();
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(1999);
  assert.deepEqual(outcomes(emulator), [[]]);
  t.mock.timers.tick(1);
  await settled;
  assert.deepEqual(outcomes(emulator), [["timed_out"]]);
});

test("setCallback and deleteCallback say what comes and where it goes", async () => {
  const seen = [];
  const webhooks = (request) => {
    const { origin, pathname, searchParams } = new URL(request.url);
    seen.push([origin + pathname, searchParams.get("CallbackCommand"), searchParams.has("Sign")]);
    return new Response("{}");
  };
  const { emulator, trtc } = rig({ webhooks });
  assert.equal((await trtc.getCallback()).url, "http://webhooks.example/calls");
  const commands = ["Call.CallbackAfterEndCall"];
  await trtc.setCallback({ url: "https://mine.example/hook?tenant=5", commands });
  await trtc.endCall((await trtc.startCall(call)).callId);
  await emulator.settled();
  assert.deepEqual(seen, [["https://mine.example/hook", "Call.CallbackAfterEndCall", false]]);
  await trtc.deleteCallback();
  await trtc.endCall((await trtc.startCall({ ...call, callees: ["jill"] })).callId);
  await emulator.settled();
  assert.equal(seen.length, 1);
});

test("a handler of streams is told of tasks, and again at once if it fails", async () => {
  const seen = [];
  let failures = 1;
  const ingestWebhooks = createIngestWebhookHandler({
    sdkAppId,
    key: ingestWebhookKey,
    onEvent: ({ kind, taskId }) => {
      if (failures-- > 0) throw new Error("not yet");
      seen.push([kind, taskId]);
    },
    onError: () => {},
  });
  const { emulator, trtc } = rig({ ingestWebhooks, ingestWebhookKey });
  const { taskId } = await trtc.startStreamIngest({ user: "robot", room: "room", streamUrl });
  await emulator.advance(1000);
  assert.deepEqual(seen, [["started", taskId]]);
  assert.deepEqual(outcomes(emulator), [[500, "acknowledged"]]);
  await trtc.stopStreamIngest(taskId);
  await emulator.settled();
  assert.deepEqual(seen.at(-1), ["stopped", taskId]);
});

test("webhooks come in real time too, if nobody advances the clock", async () => {
  const { promise: ended, resolve } = deferred();
  const seen = [];
  const webhooks = createWebhookHandler({
    sdkAppId,
    token: webhookToken,
    onMember: () => void seen.push("member"),
    onEnd: resolve,
  });
  const { emulator, trtc } = rig({ webhooks, webhookToken });
  const { callId } = await trtc.startCall({ ...call, callees: ["answer-100-hangup-100"] });
  const patience = setTimeout(() => resolve({ callId: "none: it took too long" }), 5000);
  assert.equal((await ended).callId, callId);
  clearTimeout(patience);
  assert.ok(seen.length > 0);
  await emulator.settled();
});

test("a played call may be told by webhooks alone", async () => {
  let played;
  const tell = (event, delivery) => played.webhook(delivery);
  const webhooks = createWebhookHandler({ sdkAppId, token: webhookToken, onStart: tell, onMember: tell, onEnd: tell });
  const onEvent = (event, delivery) => played.webhook(delivery);
  const ingestWebhooks = createIngestWebhookHandler({ sdkAppId, key: ingestWebhookKey, onEvent });
  const { trtc } = rig({ webhooks, webhookToken, ingestWebhooks, ingestWebhookKey });
  played = trtc.playCall({
    ...call,
    callees: ["answer-100"],
    streamUrl: "https://example.com/plays-200.mp3",
    watch: "webhooks",
    pollInterval: 250,
  });
  const { reason, members } = await played.outcome;
  assert.equal(reason, "media_ended");
  assert.ok("answer-100" in members);
});

for (const [options, field] of [
  [{ webhooks: () => new Response(), webhookToken: "" }, "webhookToken"],
  [{ ingestWebhooks: () => new Response(), ingestWebhookKey: "" }, "ingestWebhookKey"],
]) {
  test(`an empty ${field} is refused`, () => {
    assert.throws(() => rig(options), new RegExp(`^TypeError: ${field}: `));
  });
}

test("options that do not exist, or are wrong, are refused all at once", () => {
  const wrong = { sdkAppID: 7, cloud: { secretId: "a", secretKey: 5 }, onEvent() {}, requestsPerSecond: -1 };
  assert.throws(
    () => createEmulator({ sdkAppId, secretKey, ...wrong }),
    (error) => {
      assert.equal(error.name, "InvalidRequestError");
      const fields = error.problems.map(({ field }) => field).sort();
      assert.deepEqual(fields, ["cloud.secretKey", "onEvent", "requestsPerSecond", "sdkAppID"]);
      return true;
    },
  );
});

test("a fault gives the reply further headers, and other JSON than documented", async () => {
  const { emulator, trtc } = rig({});
  emulator.inject({ fault: "http_status", status: 303, headers: { location: "https://a.example/" } });
  const answer = await emulator.fetch("https://h.example/v4/a/b", { method: "POST", body: "{}" });
  assert.deepEqual([answer.status, answer.headers.get("location")], [303, "https://a.example/"]);
  const { callId } = await trtc.startCall(call);
  emulator.inject({ fault: "altered_reply", set: { "/Response/CallInfo/ChatGroupId": "odd" } });
  assert.equal((await trtc.getCallInfo(callId)).chatGroupId, "odd");
});

function deferred() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
