// Calls that are played into, against the emulators: through faults, cancelled, abandoned and gone on with. Counted
// is how often phones rang and which streams go on.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createIngestWebhookHandler, IngestWebhook, InvalidRequestError, TrtcCall, Webhook } from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { startEmulator } from "../test-projects/emulator-process.mjs";

const sdkAppId = 1400000001;
const secretKey = "the key of the played calls";

/** The same emulator, seen from the same process. */
async function inProcess() {
  const emulator = createEmulator({ sdkAppId, secretKey });
  return { ...emulator, stop: async () => {} };
}

describe("played calls", { concurrency: true }, () => {
  playedCalls("over TCP", () => startEmulator({ sdkAppId, secretKey }));
  playedCalls("in process", inProcess);
});

function playedCalls(where, start) {
  describe(where, { concurrency: true }, () => {
    let emulator;
    before(async () => {
      emulator = await start();
    });
    after(() => emulator.stop());

    const client = (options = {}) => {
      const baseUrl = emulator.baseUrl ?? "https://emulated.example";
      return new TrtcCall({
        sdkAppId,
        secretKey,
        admin: "administrator",
        baseUrl,
        fetch: emulator.fetch,
        retryPolicy: { baseDelay: 1 },
        cloud: { ...testCredential, baseUrl },
        ...options,
      });
    };
    let calls = 0;
    /** A call in a room of its own, to a user whom no other test rings. */
    const call = (kind, stream, options = {}) => {
      calls += 1;
      const unique = `n${calls}`;
      return {
        robot: "robot",
        callees: [`${kind}-${unique}`],
        media: "audio",
        room: `room-${unique}`,
        streamUrl: `https://example.com/${unique}/${stream}`,
        pollInterval: 250,
        ...options,
      };
    };
    const ingestsOf = async ({ streamUrl }) =>
      (await emulator.ingests()).filter((ingest) => ingest.streamUrl === streamUrl);
    const collect = async (played) => {
      const events = [];
      for await (const event of played) events.push(event);
      return events;
    };
    /** What must hold whatever happened. */
    async function checkClean(plan, { rings = 1 } = {}) {
      assert.equal(await emulator.rings(plan.callees[0]), rings);
      for (const ingest of await ingestsOf(plan)) assert.notEqual(ingest.end, null, "a stream goes on");
    }

    test("it rings, plays when answered, and hangs up when the stream is over", async () => {
      const plan = call("answer-0", "plays-1000.mp3");
      const played = client().playCall(plan);
      const events = await collect(played);
      const names = events.map(({ event }) => event);
      assert.deepEqual(names, ["ringing", "member", "playing", "media_ended", "ending", "ended"]);
      const outcome = await played.outcome;
      assert.deepEqual(events.at(-1).outcome, outcome);
      assert.equal(outcome.reason, "media_ended");
      assert.equal(outcome.record.result, "NormalEnd");
      assert.equal(outcome.failure, null);
      assert.equal(outcome.callMayBeUp || outcome.ingestMayRun, false);
      assert.equal(played.phase, "over");
      const [ingest] = await ingestsOf(plan);
      assert.equal(ingest.taskId, outcome.taskId);
      assert.equal(ingest.callId, outcome.callId);
      assert.deepEqual(await played.next(), { done: true, value: undefined });
      await checkClean(plan);
    });

    test("who does not answer is not played to", async () => {
      for (const [kind, reason] of [
        ["reject", "not_answered"],
        ["busy", "not_answered"],
      ]) {
        const plan = call(kind, "plays-1000.mp3");
        const outcome = await client().playCall(plan).outcome;
        assert.equal(outcome.reason, reason);
        assert.deepEqual(await ingestsOf(plan), []);
        await checkClean(plan, { rings: kind === "busy" ? 0 : 1 });
      }
    });

    test("the stream ends when the callee hangs up", async () => {
      const plan = call("answer-0-hangup-1500", "live");
      const outcome = await client().playCall(plan).outcome;
      assert.equal(outcome.reason, "hung_up");
      assert.equal(outcome.record.result, "NormalEnd");
      assert.deepEqual(Object.keys(outcome.members), plan.callees);
      await checkClean(plan);
    });

    test("end and a signal end both, and so does one that was aborted before", async () => {
      for (const how of ["end", "signal", "aborted"]) {
        const plan = call("answer-0-hangup-60000", "live");
        const controller = new AbortController();
        if (how === "aborted") controller.abort();
        const played = client().playCall(plan, { signal: controller.signal });
        for await (const { event } of played) {
          if (event !== "playing") continue;
          if (how === "end") played.end();
          else controller.abort();
        }
        const outcome = await played.outcome;
        assert.equal(outcome.reason, "requested", how);
        assert.equal(outcome.callMayBeUp || outcome.ingestMayRun, false);
        await checkClean(plan, { rings: how === "aborted" ? 0 : 1 });
      }
    });

    test("a stream that cannot be played ends the call, unless it is to go on", async () => {
      for (const [endWithoutMedia, reason, kind] of [
        [true, "media_failed", "answer-0-hangup-60000"],
        [false, "hung_up", "answer-0-hangup-6000"],
      ]) {
        const plan = call(kind, "live", { endWithoutMedia });
        const played = client().playCall(plan);
        const receiver = { sdkAppId, key: "the key of the ingest webhooks" };
        const handler = createIngestWebhookHandler({
          ...receiver,
          onEvent: (_, delivery) => played.webhook(delivery),
        });
        for await (const { event, taskId } of played) {
          if (event !== "playing") continue;
          const EventInfo = { EventMsTs: Date.now(), TaskId: taskId, Status: 1 };
          const body = { EventGroupId: 7, EventType: 701, CallbackMsTs: Date.now(), EventInfo };
          const url = "https://receiver.example/ingest";
          const forged = { ...receiver, key: "another", url, body };
          assert.equal((await handler(IngestWebhook.signForTest(forged))).status, 401);
          assert.equal(played.phase, "playing");
          const answer = await handler(IngestWebhook.signForTest({ ...receiver, url, body }));
          assert.equal(answer.status, 200);
        }
        const outcome = await played.outcome;
        assert.equal(outcome.reason, reason);
        assert.equal(outcome.failure.code, "ingest_failed");
        await checkClean(plan);
      }
    });

    test("a webhook tells of a call whose start had no outcome", async () => {
      const plan = call("answer-0-hangup-60000", "plays-500.mp3");
      // Only this call's start: others run beside.
      const cut = async (url, init) => {
        const response = await (emulator.fetch ?? fetch)(url, init);
        if (String(url).includes("start_call_by_robot")) throw new TypeError("fetch failed");
        return response;
      };
      const played = client({ fetch: cut }).playCall(plan);
      assert.equal((await played.next()).value.event, "start_unknown");
      const started = (await emulator.calls()).find(({ room }) => room?.id === plan.room);
      const user = (User_Account, Status) => ({ User_Account, Status });
      const body = {
        CallbackCommand: "Call.CallbackAfterStartCall",
        CallInfo: { CallId: started.callId, MediaType: "Audio", RoomId: plan.room, RoomIdType: 2 },
        UserList: [user("robot", "Calling"), user(plan.callees[0], "Waiting")],
        EventTime: Date.now(),
      };
      const { delivery } = Webhook.parseUnverified({ url: "", body: JSON.stringify(body) });
      played.webhook(delivery);
      const outcome = await played.outcome;
      assert.equal(outcome.callId, started.callId);
      assert.equal(outcome.reason, "media_ended");
      await checkClean(plan);
    });

    test("a numeric room and a string room are played into as what they are, and a wrong coding is seen", async () => {
      const number = 100_000 + Math.floor(Math.random() * 1e6);
      for (const [room, ingestRoomIdCoding, meets] of [
        [number, undefined, true],
        [String(number + 1), undefined, true],
        [number + 2, "numeric-1", false],
      ]) {
        const plan = call("answer-0-hangup-60000", "live", { room });
        const played = client({ ingestRoomIdCoding }).playCall(plan);
        for await (const { event } of played) if (event === "playing") played.end();
        const { callId } = await played.outcome;
        const [ingest] = await ingestsOf(plan);
        assert.equal(ingest.callId === callId, meets, JSON.stringify(room));
        await checkClean(plan);
      }
    });

    test("a text goes on where a call was suspended, and rings nobody again", async () => {
      const plan = call("answer-0-hangup-60000", "plays-4000.mp3");
      const played = client().playCall(plan);
      for await (const { event } of played) if (event === "playing") break;
      const text = await played.suspend();
      await assert.rejects(played.outcome, { name: "AbortError" });
      assert.deepEqual(await played.next(), { done: true, value: undefined });
      assert.ok(!text.includes(secretKey) && !/eJ[A-Za-z0-9*_-]{60}/.test(text));
      const [{ taskId }] = await ingestsOf(plan);
      const outcome = await client().resumeCall(text).outcome;
      assert.equal(outcome.reason, "media_ended");
      assert.equal(outcome.taskId, taskId);
      assert.equal((await ingestsOf(plan)).length, 1);
      await checkClean(plan);
    });

    test("what a process saved last goes on in another, wherever it died", async () => {
      const dieAfter = async (requests) => {
        const plan = call("answer-300-hangup-60000", "plays-1500.mp3", { watch: "polling" });
        let saved = "";
        let sent = 0;
        const dead = new Promise(() => {});
        let died;
        const death = new Promise((resolve) => {
          died = resolve;
        });
        // The process dies after it has sent its last request: no reply, nothing more is saved.
        const mortal = async (url, init) => {
          sent += 1;
          if (sent < requests) return (emulator.fetch ?? fetch)(url, init);
          if (sent === requests) await (emulator.fetch ?? fetch)(url, init).catch(() => {});
          died();
          return dead;
        };
        const isDead = () => sent >= requests;
        const mourned = client({ fetch: mortal, timeout: 4000 }).playCall(plan, {
          onError: () => {},
          save: (text) => {
            if (isDead()) return dead;
            saved = text;
          },
        });
        await death;
        // Or it would go on in this process.
        mourned.suspend().catch(() => {});
        // Without webhooks, a call whose name never became known cannot be found: it is said so.
        const outcome = await client().resumeCall(saved).outcome;
        assert.ok((await emulator.rings(plan.callees[0])) <= 1, `request ${requests}`);
        const found = outcome.callId !== null;
        if (found) assert.equal(outcome.callMayBeUp || outcome.ingestMayRun, false, `request ${requests}`);
        else assert.equal(outcome.callMayBeUp, true);
        if (found) await checkClean(plan);
        else assert.deepEqual(await ingestsOf(plan), []);
      };
      await Promise.all([1, 2, 3, 4, 5, 6].map(dieAfter));
    });

    test("who asks twice for a suspended call gets the same text", async () => {
      const played = client().playCall(call("answer-0-hangup-60000", "plays-60000.mp3"));
      for await (const { event } of played) if (event === "playing") break;
      const texts = await Promise.all([played.suspend(), played.suspend()]);
      assert.equal(await played.suspend(), texts[0]);
      assert.equal(texts[1], texts[0]);
      const resumed = client().resumeCall(texts[0]);
      resumed.end();
      assert.equal((await resumed.outcome).reason, "requested");
    });

    test("what is no delivery is refused at once, and the call goes on", async () => {
      const plan = call("answer-0-hangup-60000", "plays-1000.mp3");
      const errors = [];
      const onError = ({ message }) => {
        errors.push(message);
        throw new Error("a listener that fails");
      };
      const played = client().playCall(plan, { onError });
      for (const wrong of [null, undefined, "text", { event: null }, { command: "x", callId: "c" }]) {
        assert.throws(() => played.webhook(wrong), TypeError);
      }
      const printed = console.error;
      console.error = () => {};
      played.webhook({ event: { command: Symbol("none") }, body: "{}" });
      assert.equal((await played.outcome).reason, "media_ended");
      console.error = printed;
      assert.equal(errors.length, 1);
      await checkClean(plan);
    });

    test("a save that hangs keeps nothing up that is to be ended", async () => {
      const plan = call("answer-0-hangup-600000", "plays-600000.mp3");
      const controller = new AbortController();
      let hangs = false;
      const save = () => (hangs ? new Promise(() => {}) : undefined);
      const errors = [];
      const onError = ({ message }) => errors.push(message);
      const played = client().playCall(plan, { save, onError, signal: controller.signal });
      for await (const { event } of played) if (event === "playing") break;
      hangs = true;
      controller.abort();
      assert.equal((await played.outcome).reason, "requested");
      assert.match(errors[0], /has not settled/);
      await checkClean(plan);
    });

    test("what could not be saved is not started", async () => {
      const plan = call("answer-0", "plays-1000.mp3");
      const save = () => {
        throw new Error("the disk is full");
      };
      const errors = [];
      const onError = ({ message }) => errors.push(message);
      const outcome = await client().playCall(plan, { save, onError }).outcome;
      assert.equal(outcome.reason, "not_started");
      assert.match(outcome.failure.message, /could not be saved/);
      assert.equal(errors[0], "the disk is full");
      await checkClean(plan, { rings: 0 });
    });

    test("streams and rooms are handled by hand, too", async () => {
      const trtc = client();
      const room = `by-hand-${where.length}`;
      const streamUrl = `https://example.com/${where.length}/live`;
      const started = await trtc.startStreamIngest({ room, user: "singer", streamUrl, volume: 50, tempo: 1.5 });
      assert.match(started.requestId, /./);
      const { taskId } = started;
      assert.equal((await trtc.describeStreamIngest(taskId)).status, "InProgress");
      assert.equal((await trtc.updateStreamIngest({ taskId, pause: true })).status, "InProgress");
      assert.equal((await ingestsOf({ streamUrl }))[0].isPaused, true);
      // The robot needs a moment to enter.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.equal(await trtc.room(room).remove(["singer"]), true);
      assert.equal((await trtc.describeStreamIngest(taskId)).status, "NotExist");
      assert.equal(await trtc.stopStreamIngest(taskId), null);
      assert.equal(await trtc.room(room).dismiss(), false);
      assert.equal(await trtc.room(4_000_000_000).dismiss(), false);
    });
  });
}

describe("refusals and faults of the cloud API", () => {
  const emulator = createEmulator({ sdkAppId, secretKey });
  const options = { sdkAppId, secretKey, admin: "administrator", region: "seoul", fetch: emulator.fetch };
  const client = (more = {}) =>
    new TrtcCall({ ...options, retryPolicy: { baseDelay: 1 }, cloud: testCredential, ...more });
  let rooms = 0;
  /** Into a room of its own. */
  const stream = () => {
    rooms += 1;
    return { room: rooms, user: "robot", streamUrl: "https://example.com/live" };
  };

  test("a wrong key is refused with the service's word", async () => {
    const trtc = client({ cloud: { ...testCredential, secretKey: "another" } });
    await assert.rejects(trtc.stopStreamIngest("task"), {
      name: "ServerError",
      code: "cloud_signature_wrong",
      errorCode: "AuthFailure.SignatureFailure",
      retryable: false,
      clockSkew: null,
    });
  });

  test("a clock that is wrong is explained with the difference", async () => {
    const clock = () => Math.floor(Date.now() / 1000) + 1000;
    const error = await client({ clock })
      .stopStreamIngest("task")
      .catch((error) => error);
    assert.equal(error.code, "cloud_signature_expired");
    assert.ok(Math.abs(error.clockSkew - 1000) <= 2, String(error.clockSkew));
    assert.match(error.message, /s ahead of the service's/);
  });

  for (const fault of [
    { fault: "cut_before_reply" },
    { fault: "cut_mid_reply" },
    { fault: "http_status", status: 502 },
    { fault: "cloud_error", code: "InternalError" },
  ]) {
    test(`a stream that may play is not started again: ${JSON.stringify(fault)}`, async () => {
      const before = emulator.ingests().length;
      emulator.inject({ ...fault, takesEffect: true, command: "StartStreamIngest" });
      const error = await client()
        .startStreamIngest(stream())
        .catch((error) => error);
      assert.equal(error.outcomeUnknown, true, String(error));
      assert.equal(error.mayHaveRung, false);
      assert.equal(error.retryable, false);
      assert.equal(emulator.ingests().length, before + 1);
    });
  }

  test("what certainly did not start is sent again, and what does no harm", async () => {
    for (const command of ["StartStreamIngest", "DescribeStreamIngest"]) {
      emulator.inject({ fault: "cloud_error", code: "RequestLimitExceeded", requests: 2, command });
    }
    const { taskId } = await client().startStreamIngest(stream());
    assert.equal((await client().describeStreamIngest(taskId)).status, "InProgress");
    emulator.inject({ fault: "cut_before_reply", command: "StopStreamIngest", takesEffect: true });
    assert.equal(await client().stopStreamIngest(taskId), null);
  });

  test("a burst of requests is spaced out", async () => {
    const trtc = client({ retryPolicy: { maxAttempts: 1 } });
    const replies = await Promise.allSettled(
      Array.from({ length: 45 }, () => trtc.describeStreamIngest("task")),
    );
    // All at once, 25 would be refused. On a machine that stands still for a moment, a few arrive late, together with
    // those that were to come after them.
    const refused = replies.filter(({ status }) => status === "rejected");
    assert.ok(refused.length <= 4, `${refused.length} were refused: ${refused[0]?.reason}`);
    for (const { reason } of refused) assert.equal(reason.code, "cloud_rate_limited");
  });

  test("a robot brings a PrivateMapKey where the application demands it", async () => {
    const strict = createEmulator({ sdkAppId, secretKey, demandsPrivateMapKey: true });
    const trtc = (privateMapKeys) =>
      client({ fetch: strict.fetch, cloud: { ...testCredential, privateMapKeys } });
    await assert.rejects(trtc(false).startStreamIngest(stream()), { name: "ServerError" });
    assert.ok((await trtc(true).startStreamIngest(stream())).taskId);
  });

  test("all problems of a call to play into are listed, in the names of JavaScript", () => {
    const plan = {
      robot: "a b",
      callees: [],
      media: "audio",
      streamUrl: "a.mp3",
      stream: { seek: 1500, vol: 1 },
      maxDuration: 1,
      watch: "eyes",
      colour: "red",
    };
    assert.throws(
      () => client().playCall(plan),
      (error) => {
        assert.ok(error instanceof InvalidRequestError);
        const fields = error.problems.map(({ field }) => field).sort();
        assert.deepEqual(fields, ["callees", "colour", "robot", "stream.vol", "streamUrl", "watch"]);
        return true;
      },
    );
    const { room, ...fine } = { robot: "robot", callees: ["jack"], media: "audio", streamUrl: "https://a.example/b" };
    assert.throws(
      () => client().playCall({ ...fine, maxDuration: 1, stream: { seek: 1500 } }),
      (error) => {
        const fields = error.problems.map(({ field }) => field).sort();
        assert.deepEqual(fields, ["maxDuration", "room"]);
        return true;
      },
    );
    assert.throws(() => client().playCall({ ...fine, room: 1, stream: { seek: 1500 } }), /stream\.seek/);
    assert.throws(() => client().resumeCall("{}"), { code: "invalid_request" });
    assert.throws(() => client({ cloud: undefined }).playCall({ ...fine, room: 1 }), /cloud: must be given/);
  });
});
