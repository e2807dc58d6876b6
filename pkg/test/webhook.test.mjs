// Webhooks: the vectors, the handler, and the timeline.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import {
  CallTimeline,
  createUnsignedWebhookHandler,
  createWebhookHandler,
  InvalidRequestError,
  Webhook,
} from "trtc-call";

const vectors = new URL("../../tests/vectors/webhook/", import.meta.url);
const read = (path) => readFileSync(new URL(path, vectors));
const { sdkAppId, token, now } = JSON.parse(read("receiver.json"));
const receiver = { sdkAppId, token, now };
const cases = readdirSync(vectors, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({
    name,
    url: read(`${name}/url.txt`).toString().trim(),
    body: read(`${name}/body.txt`),
    expected: JSON.parse(
      // Integers that JavaScript rounds come out as strings.
      read(`${name}/expected.json`).toString().replace(/: (\d{16,})/g, ': "$1"'),
    ),
  }));
const url = "https://receiver.example/hook?tenant=5";
const members = { UserList: [], ChangedUserList: [] };
const body = (more = {}) => ({
  CallbackCommand: "Call.CallbackAfterMemberChanged",
  CallId: "call-1",
  ...members,
  EventTime: 1000,
  ...more,
});
const signed = (options = {}) =>
  Webhook.signForTest({ sdkAppId, token, url, body: body(), now, ...options });

for (const { name, url, body, expected } of cases) {
  test(`vector ${name}`, async () => {
    const bytes = new Uint8Array(body);
    const verdict = Webhook.verify({ url, body: bytes }, receiver);
    const seen = [];
    const note = (event) => void seen.push(event);
    const listeners = { onStart: note, onMember: note, onEnd: note, onUnknown: note };
    const refused = [];
    const onRefused = ({ reason }) => void refused.push(reason);
    const handler = createWebhookHandler({
      sdkAppId,
      token,
      now: () => now,
      onRefused,
      ...listeners,
    });
    const answer = await handler(new Request(url, { method: "POST", body: bytes }));
    if (expected.ok) {
      const { body: raw, ...delivery } = verdict.delivery;
      assert.deepEqual(delivery, expected.delivery);
      assert.equal(raw, body.toString());
      assert.equal(verdict.valid, true);
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), { ActionStatus: "OK", ErrorInfo: "", ErrorCode: 0 });
      assert.deepEqual(seen, [expected.delivery.event]);
    } else {
      assert.deepEqual([verdict.valid, verdict.delivery], [false, null]);
      assert.equal(verdict.reason, expected.code);
      assert.ok(verdict.message.length > 0 && !verdict.message.includes(token));
      assert.equal(answer.status, expected.status);
      assert.deepEqual(refused, [expected.code]);
      assert.deepEqual(seen, []);
    }
  });
}

test("what is signed for a test is verified, with your URL's own parameters", async () => {
  const request = signed({ platform: "iOS" });
  const text = await request.clone().text();
  const { valid, delivery } = Webhook.verify({ url: request.url, body: text }, receiver);
  assert.equal(valid, true);
  assert.equal(delivery.platform, "iOS");
  assert.equal(delivery.otherParameters.tenant, "5");
  const late = Webhook.verify({ url: request.url, body: text }, { ...receiver, now: now + 301 });
  assert.equal(late.reason, "too_old");
  const wide = { ...receiver, now: now + 301, tolerance: 301 };
  assert.equal(Webhook.verify({ url: request.url, body: text }, wide).valid, true);
  assert.equal(Webhook.parseUnverified({ url: "", body: text }).delivery.event.callId, "call-1");
});

test("settings and values that break rules are reported at once", () => {
  for (const [act, field] of [
    [() => createWebhookHandler({ sdkAppId: 0, token }), "sdkAppId"],
    [() => createWebhookHandler({ sdkAppId, token: "" }), "token"],
    [() => createWebhookHandler({ sdkAppId }), "token"],
    [() => createWebhookHandler({ sdkAppId, token, tolerance: -1 }), "tolerance"],
    [() => createUnsignedWebhookHandler({ sdkAppId: -1 }), "sdkAppId"],
    [() => Webhook.verify({ url, body: { parsed: true } }, receiver), "body"],
    [() => signed({ body: "{" }), "body"],
    [() => signed({ body: {} }), "command"],
    [() => new CallTimeline(""), "callId"],
  ]) {
    assert.throws(act, (error) => {
      assert.ok(error instanceof InvalidRequestError, String(error));
      assert.ok(
        error.problems.some((problem) => problem.field === field),
        error.message,
      );
      return !error.message.includes(token);
    });
  }
});

test("with waitUntil a delivery is acknowledged before the listener begins", async () => {
  const order = [];
  const waiting = [];
  const handler = createWebhookHandler({
    sdkAppId,
    token,
    now: () => now,
    onMember: async () => order.push("listener"),
  });
  const context = { waitUntil: (promise) => waiting.push(promise) };
  const answer = await handler(signed(), context);
  order.push(answer.status);
  await Promise.all(waiting);
  assert.deepEqual(order, [200, "listener"]);
});

test("a listener that never ends is acknowledged within 2 s", async () => {
  const onMember = () => new Promise(() => {});
  const handler = createWebhookHandler({ sdkAppId, token, now: () => now, onMember });
  const began = performance.now();
  assert.equal((await handler(signed())).status, 200);
  assert.ok(performance.now() - began < 1900);
});

test("a listener that fails is told about, and the delivery is asked for again", async () => {
  const errors = [];
  const failing = (onMember) =>
    createWebhookHandler({
      sdkAppId,
      token,
      now: () => now,
      onMember,
      onError: (error) => errors.push(error.message),
    });
  const thrown = failing(() => {
    throw new Error("at once");
  });
  const rejected = failing(async () => {
    throw new Error("later");
  });
  assert.equal((await thrown(signed())).status, 500);
  assert.equal((await rejected(signed())).status, 500);
  const waiting = [];
  const context = { waitUntil: (promise) => waiting.push(promise) };
  assert.equal((await rejected(signed(), context)).status, 200);
  await Promise.all(waiting);
  assert.deepEqual(errors, ["at once", "later", "later"]);
});

test("a forgery is never answered with 200, whatever its body", async () => {
  let heard = 0;
  const onMember = () => void heard++;
  const handler = createWebhookHandler({ sdkAppId, token, now: () => now, onMember });
  for (const request of [
    signed({ token: "another token" }),
    signed({ now: now - 301 }),
    signed({ sdkAppId: 7 }),
    new Request(url, { method: "POST", body: JSON.stringify(body()) }),
  ]) {
    assert.equal((await handler(request)).status, 401);
  }
  assert.equal((await handler(new Request(signed().url))).status, 405);
  assert.equal(heard, 0);
});

test("large and deep bodies are refused cheaply, and an endless one is left", async () => {
  const handler = createWebhookHandler({ sdkAppId, token, now: () => now });
  const post = (text) => handler(signed({ body: text, command: "Call.X" }));
  const began = process.cpuUsage();
  assert.equal((await post(`"${"x".repeat(10_000_000)}"`)).status, 413);
  assert.equal((await post("[".repeat(10_000))).status, 400);
  let pulled = 0;
  const endless = new ReadableStream({
    pull: (controller) => {
      pulled++;
      controller.enqueue(new Uint8Array(65_536));
    },
  });
  const request = new Request(signed().url, { method: "POST", body: endless, duplex: "half" });
  assert.equal((await handler(request)).status, 413);
  assert.ok(pulled < 20, String(pulled));
  const { user, system } = process.cpuUsage(began);
  assert.ok(user + system < 1_000_000, `${user + system} µs`);
});

test("without authentication the application alone is checked", async () => {
  const calls = [];
  const onMember = ({ callId }) => void calls.push(callId);
  const handler = createUnsignedWebhookHandler({ sdkAppId, onMember });
  assert.equal((await handler(signed({ token: "whatever", now: 1 }))).status, 200);
  assert.equal((await handler(signed({ sdkAppId: 7 }))).status, 401);
  assert.deepEqual(calls, ["call-1"]);
});

test("a timeline gives the true state of deliveries in every order, repeats included", async () => {
  const users = (...list) => list.map(([name, Status]) => ({ User_Account: name, Status }));
  const acts = (name, ActionType) => [{ User_Account: name, ActionType }];
  const big = "9007199254740993";
  const bodies = [
    {
      CallbackCommand: "Call.CallbackAfterStartCall",
      CallInfo: { CallId: "call-1", MediaType: "Video", RoomId: "5", RoomIdType: 1 },
      UserList: users(["robot", "Calling"], [big, "Waiting"]),
      EventTime: 1000,
    },
    body({
      UserList: users(["robot", "Calling"], [big, "Calling"]),
      ChangedUserList: acts(big, "Accept"),
      EventTime: 2000,
    }),
    body({
      UserList: users(["robot", "Calling"]),
      ChangedUserList: acts(big, "Hang Up"),
      EventTime: 3000,
    }),
  ];
  const deliveries = await Promise.all(
    bodies.map(async (body) => {
      const request = signed({ body: JSON.stringify(body).replaceAll(`"${big}"`, big) });
      const webhook = { url: request.url, body: await request.text() };
      return Webhook.verify(webhook, receiver).delivery;
    }),
  );
  for (const order of [[0, 1, 2], [2, 1, 0, 1], [1, 0, 2, 2], [2, 0, 0, 1]]) {
    const timeline = new CallTimeline("call-1");
    const added = order.map((index) => timeline.add(deliveries[index]));
    assert.equal(added.filter((what) => what === "new").length, 3);
    assert.equal(added.filter((what) => what === "duplicate").length, order.length - 3);
    const { state, history } = timeline;
    assert.equal(state.phase, "answered");
    assert.equal(state.answeredAt, 2000);
    assert.equal(state.room, 5);
    assert.deepEqual(state.members, { robot: "in_call", [big]: "hung_up" });
    assert.deepEqual(history.at(-1), {
      at: 3000,
      happening: "member",
      userId: big,
      state: "hung_up",
    });
    const other = new CallTimeline("call-2");
    assert.equal(other.add(deliveries[0]), "other_call");
  }
});

test("who has answered is in the call, whatever another delivery of that millisecond lists", async () => {
  const users = (...list) => list.map(([name, Status]) => ({ User_Account: name, Status }));
  const answer = (name, ...list) =>
    body({
      UserList: users(["robot", "Calling"], ...list),
      ChangedUserList: [{ User_Account: name, ActionType: "Answer" }],
      EventTime: 2000,
    });
  const deliveries = await Promise.all(
    [
      answer("jack", ["jack", "Calling"], ["anna", "Waiting"]),
      answer("anna", ["jack", "Calling"], ["anna", "Calling"]),
    ].map(async (body) => {
      const request = signed({ body: JSON.stringify(body) });
      return Webhook.verify({ url: request.url, body: await request.text() }, receiver).delivery;
    }),
  );
  for (const order of [deliveries, deliveries.toReversed()]) {
    const timeline = new CallTimeline("call-1");
    for (const delivery of order) timeline.add(delivery);
    assert.deepEqual(timeline.state.members, { anna: "in_call", jack: "in_call", robot: "in_call" });
  }
});

test("a request of Node's is refused at once, and the adapter named", () => {
  const handler = createWebhookHandler({ sdkAppId, token });
  for (const request of [{ method: "POST", url: "/hook", headers: {} }, undefined, {}]) {
    assert.throws(() => handler(request, {}), /toNodeHandler.*trtc-call\/node/);
  }
});

test("a body that somebody has read before is told, and sent again", async () => {
  const errors = [];
  const handler = createWebhookHandler({ sdkAppId, token, now: () => now, onError: ({ message }) => errors.push(message) });
  const request = signed({});
  await request.text();
  assert.equal((await handler(request)).status, 500);
  assert.match(errors[0], /request\.clone\(\)/);
});
