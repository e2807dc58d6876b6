// The client's own rate limit, by a clock that the test sets, against an emulator that counts by the same clock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidRequestError, TrtcCall } from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";

const sdkAppId = 1400000001;
const secretKey = "the key of the rate limit's tests";
const START = 1_700_000_000_000;

/** A client and an emulator whose time passes only when `pass` says so. */
function rig(t, options = {}) {
  let now = 0;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => now);
  const emulator = createEmulator({ sdkAppId, secretKey, cloudRequestsPerSecond: 100, clock: () => START + now });
  const sent = [];
  const trtc = new TrtcCall({
    sdkAppId,
    secretKey,
    admin: "administrator",
    region: "singapore",
    cloud: testCredential,
    clock: () => Math.floor((START + now) / 1000),
    retryPolicy: { maxAttempts: 1 },
    ...options,
    fetch(url, init) {
      const { pathname } = new URL(url);
      sent.push({ command: init.headers["x-tc-action"] ?? pathname.split("/").at(-1), at: now });
      return emulator.fetch(url, init);
    },
  });
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (milliseconds, step = 5) => {
    for (const end = now + milliseconds; now < end; ) {
      now += step;
      t.mock.timers.tick(step);
      await settle();
    }
  };
  return { trtc, emulator, sent, settle, pass };
}

const times = (count, act) => Array.from({ length: count }, act);

test("by default, no second has more than 200 requests of a command, and the service refuses none", async (t) => {
  const { trtc, sent, settle, pass } = rig(t);
  const replies = times(500, () => trtc.getCallback());
  await settle();
  assert.equal(sent.length, 20, "a tenth goes out at once");
  await pass(3000);
  assert.equal(sent.length, 500);
  for (const { at } of sent) {
    const within = sent.filter((other) => other.at >= at && other.at < at + 1000).length;
    assert.ok(within <= 200, `${within} in the second from ${at} ms`);
  }
  assert.ok(sent.at(-1).at < 2800, "it is not slower than it must be");
  assert.deepEqual(new Set(await Promise.all(replies)), new Set([null]));
});

test("each command has its own limit", async (t) => {
  const { trtc, sent, settle } = rig(t, { requestsPerSecond: 50 });
  const replies = times(5, () => [trtc.getCallback(), trtc.deleteCallback()]).flat();
  await settle();
  assert.equal(sent.length, 10);
  await Promise.all(replies);
});

test("null sets no limit", async (t) => {
  const cloud = { ...testCredential, requestsPerSecond: null };
  const { trtc, sent, settle } = rig(t, { requestsPerSecond: null, cloud });
  const replies = times(100, () => [trtc.getCallback(), trtc.stopStreamIngest("task")]).flat();
  await settle();
  assert.equal(sent.length, 200);
  await Promise.allSettled(replies);
});

test("actions of the cloud API have a limit of their own", async (t) => {
  const cloud = { ...testCredential, requestsPerSecond: 40 };
  const { trtc, sent, settle, pass } = rig(t, { requestsPerSecond: null, cloud });
  const replies = times(10, () => trtc.stopStreamIngest("task"));
  await settle();
  assert.equal(sent.length, 4);
  await pass(1000);
  assert.equal(sent.length, 10);
  assert.deepEqual(new Set(await Promise.all(replies)), new Set([null]));
});

test("a repeated attempt waits its turn too", async (t) => {
  const { trtc, emulator, sent, settle, pass } = rig(t, {
    requestsPerSecond: 1,
    retryPolicy: { maxAttempts: 2, baseDelay: 1 },
  });
  emulator.inject({ fault: "error_code", code: 60014, command: "get_callback" });
  const reply = trtc.getCallback();
  await settle();
  await pass(1100);
  assert.equal(await reply, null);
  assert.deepEqual(
    sent.map(({ at }) => at),
    [0, 1000],
  );
});

test("who is cancelled while waiting sends nothing", async (t) => {
  const { trtc, sent, settle, pass } = rig(t, { requestsPerSecond: 1 });
  await trtc.getCallback();
  const controller = new AbortController();
  const reply = trtc.getCallback({ signal: controller.signal });
  await settle();
  controller.abort(new Error("enough"));
  await assert.rejects(reply, /enough/);
  await pass(3000, 100);
  assert.equal(sent.length, 1);
});

test("who was cancelled while waiting costs nobody a turn, and the others keep their order", async (t) => {
  const { trtc, sent, settle, pass } = rig(t, { requestsPerSecond: 1 });
  await trtc.getCallback();
  const controller = new AbortController();
  const left = times(5, () => trtc.getCallback({ signal: controller.signal }));
  const order = [];
  const stayed = times(2, (_, index) => trtc.getCallback().then(() => order.push(index)));
  await settle();
  controller.abort(new Error("enough"));
  for (const { status } of await Promise.allSettled(left)) assert.equal(status, "rejected");
  await pass(2500, 100);
  await Promise.all(stayed);
  assert.deepEqual(order, [0, 1]);
  assert.equal(sent.length, 3);
});

test("who would wait longer than allowed fails at once, and nothing is sent", async (t) => {
  const { trtc, sent, settle, pass } = rig(t, { requestsPerSecond: 10, maxWait: 250 });
  const outcome = async () => {
    try {
      await trtc.getCallback();
      return "sent";
    } catch ({ code, effect }) {
      return `${code}, ${effect}`;
    }
  };
  const replies = times(20, outcome);
  await settle();
  await pass(1000, 10);
  const outcomes = await Promise.all(replies);
  assert.equal(sent.length, 3);
  assert.deepEqual(outcomes.slice(0, 3), ["sent", "sent", "sent"]);
  assert.deepEqual(new Set(outcomes.slice(3)), new Set(["rate_limit_wait, none"]));
});

for (const wrong of [-1, Number.NaN, "10"]) {
  test(`a longest wait of ${JSON.stringify(wrong)} is refused`, () => {
    const application = { sdkAppId, secretKey, admin: "administrator", region: "singapore" };
    assert.throws(
      () => new TrtcCall({ ...application, maxWait: wrong, cloud: { ...testCredential, maxWait: wrong } }),
      (error) => {
        assert.ok(error instanceof InvalidRequestError);
        const fields = error.problems.map(({ field }) => field);
        assert.deepEqual(fields, ["maxWait", "cloud.maxWait"]);
        return true;
      },
    );
  });
}

test("what a played call asks counts as well", async (t) => {
  const { trtc, emulator, sent, pass } = rig(t, { requestsPerSecond: 1 });
  emulator.setScript("jack", { script: "answer", afterMs: 100 });
  const call = { robot: "robot", callees: ["jack"], media: "audio", room: "room" };
  const played = trtc.playCall({ ...call, streamUrl: "https://example.com/live", pollInterval: 250 });
  await pass(5000, 50);
  const polls = sent.filter(({ command }) => command === "get_call_info").map(({ at }) => at);
  assert.ok(polls.length >= 4, `it asked ${polls.length} times`);
  for (const [index, at] of polls.entries()) {
    assert.ok(index === 0 || at - polls[index - 1] >= 950, `asked at ${polls}`);
  }
  played.end();
  await pass(10_000, 100);
  assert.equal((await played.outcome).reason, "requested");
});

for (const wrong of [0, 0.5, -1, Number.NaN, "10"]) {
  test(`a limit of ${JSON.stringify(wrong)} is refused`, () => {
    const application = { sdkAppId, secretKey, admin: "administrator", region: "singapore" };
    const cloud = { ...testCredential, requestsPerSecond: wrong };
    assert.throws(
      () => new TrtcCall({ ...application, requestsPerSecond: wrong, cloud }),
      (error) => {
        assert.ok(error instanceof InvalidRequestError);
        const fields = error.problems.map(({ field }) => field);
        assert.deepEqual(fields, ["requestsPerSecond", "cloud.requestsPerSecond"]);
        return true;
      },
    );
  });
}
