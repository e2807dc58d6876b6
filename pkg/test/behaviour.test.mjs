// The client against the emulators, through every fault, counting how often the callee's phone rang. Each test
// runs twice: over TCP against the native emulator, and in this process against `trtc-call/testing`.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { OutcomeUnknownError, ServerError, TransportError, TrtcCall } from "trtc-call";
import { createEmulator } from "trtc-call/testing";
import { startEmulator } from "../test-projects/emulator-process.mjs";

const sdkAppId = 1400000001;
const secretKey = "the key of the behaviour suite";
const START = "start_call_by_robot";

/** The same emulator, seen from the same process. */
async function inProcess() {
  const emulator = createEmulator({ sdkAppId, secretKey });
  return { ...emulator, stop: async () => {} };
}

for (const [where, start] of [
  ["over TCP", () => startEmulator({ sdkAppId, secretKey })],
  ["in process", inProcess],
]) {
  describe(where, () => {
    let emulator;
    let users = 0;
    before(async () => {
      emulator = await start();
    });
    after(() => emulator.stop());

    const client = (options = {}) =>
      new TrtcCall({
        sdkAppId,
        secretKey,
        admin: "administrator",
        baseUrl: emulator.baseUrl ?? "https://emulated.example",
        fetch: emulator.fetch,
        retryPolicy: { baseDelay: 1 },
        ...options,
      });
    /** A user whom no other test rings. */
    const someone = (kind = "jack") => `${kind}-${++users}`;
    const call = (...callees) => ({ robot: "robot", callees, media: "video", room: "roomid-test" });

    test("a call is started, answered, ended and recorded", async () => {
      const trtc = client();
      const jack = someone();
      const busy = someone("busy");
      const { callId, callees, requestId } = await trtc.startCall(call(jack, busy));
      assert.match(requestId, /^Id-/);
      assert.deepEqual(
        callees.map(({ userId, wasRung }) => [userId, wasRung]),
        [
          [jack, true],
          [busy, false],
        ],
      );
      assert.equal(await emulator.rings(jack), 1);
      await emulator.advance(1600);
      const info = await trtc.getCallInfo(callId);
      assert.deepEqual(
        info.members.map(({ userId, status }) => [userId, status]),
        [
          ["robot", "Calling"],
          [jack, "Calling"],
        ],
      );
      assert.equal(info.room, "roomid-test");
      await trtc.endCall(callId);
      await assert.rejects(trtc.endCall(callId), { code: "call_not_found", errorCode: 101004 });
      await assert.rejects(trtc.getRecord(callId), { code: "record_not_found" });
      await emulator.advance(5000);
      const { record, wasAnswered } = await trtc.getRecord(callId);
      assert.equal(record.result, "NormalEnd");
      assert.equal(wasAnswered, true);
    });

    test("numeric rooms and string rooms stay what they are", async () => {
      const trtc = client();
      for (const room of [123, "123"]) {
        const { callId } = await trtc.startCall({ ...call(someone("answer-0")), room });
        assert.equal((await trtc.getCallInfo(callId)).room, room);
      }
    });

    for (const fault of [
      { fault: "cut_before_reply" },
      { fault: "cut_mid_reply" },
      { fault: "malformed_json" },
      { fault: "http_status", status: 502, takesEffect: true },
      { fault: "http_status", status: 502, takesEffect: false },
      { fault: "http_status", status: 429, takesEffect: true },
      { fault: "http_status", status: 408, takesEffect: true },
      { fault: "error_code", code: 60008 },
      { fault: "error_code", code: 60013 },
      { fault: "error_code", code: 101001 },
      { fault: "error_code", code: 4711, takesEffect: true },
      { fault: "delay", ms: 1000 },
    ]) {
      test(`a call that may have rung is never sent again: ${JSON.stringify(fault)}`, async () => {
        const jack = someone();
        await emulator.inject({ ...fault, command: START });
        const trtc = client(fault.fault === "delay" ? { shortTimeout: 200 } : {});
        const error = await trtc.startCall(call(jack)).catch((error) => error);
        assert.ok(error instanceof OutcomeUnknownError, String(error));
        assert.equal(error.mayHaveRung, true);
        assert.equal(error.retryable, false);
        assert.deepEqual(error.callees, [jack]);
        assert.equal(error.robot, "robot");
        assert.equal(error.room, "roomid-test");
        assert.ok(error.sentAt <= error.failedAt && error.sentAt > 1_600_000_000);
        assert.equal(error.cause.mayHaveRung, true);
        assert.equal(await emulator.rings(jack), fault.takesEffect === false ? 0 : 1);
      });

      test(`a harmless command is sent again: ${JSON.stringify(fault)}`, async () => {
        const trtc = client(fault.fault === "delay" ? { shortTimeout: 200 } : {});
        const { callId } = await client().startCall(call(someone("answer-0")));
        await emulator.inject({ ...fault, command: "get_call_info" });
        assert.equal((await trtc.getCallInfo(callId)).callId, callId);
      });
    }

    for (const code of [60007, 60011, 60014, 60018, 60019]) {
      test(`a call that certainly had no effect is sent again: ${code}`, async () => {
        const jack = someone();
        await emulator.inject({ fault: "error_code", code, requests: 2, command: START });
        assert.equal((await client().startCall(call(jack))).callees[0].wasRung, true);
        assert.equal(await emulator.rings(jack), 1);
      });
    }

    test("attempts are bounded", async () => {
      const jack = someone();
      await emulator.inject({ fault: "rate_limit", requests: 3, command: START });
      await assert.rejects(client().startCall(call(jack)), {
        name: "ServerError",
        code: "call_frequency_limit",
        retryable: true,
        mayHaveRung: false,
      });
      assert.equal(await emulator.rings(jack), 0);
    });

    test("a refusal is final and says what to do", async () => {
      const error = await client({ secretKey: "another" })
        .startCall(call(someone()))
        .catch((error) => error);
      assert.ok(error instanceof ServerError);
      assert.equal(error.code, "user_sig_wrong_key");
      assert.match(error.whatToDo, /secret key/);
      assert.match(error.requestId, /^Id-/);
      assert.equal(error.retryable, false);
    });

    test("who cancels a call that was sent learns that it may have rung", async () => {
      const jack = someone();
      await emulator.inject({ fault: "delay", ms: 1000, command: START });
      const controller = new AbortController();
      const started = client().startCall(call(jack), { signal: controller.signal });
      setTimeout(() => controller.abort(), 200);
      const error = await started.catch((error) => error);
      assert.ok(error instanceof OutcomeUnknownError, String(error));
      assert.equal(error.cause.code, "cancelled");
      assert.equal(await emulator.rings(jack), 1);
    });

    test("who cancels before anything is sent, or cancels a read, gets the reason", async () => {
      const jack = someone();
      const aborted = AbortSignal.abort(new Error("changed my mind"));
      await assert.rejects(client().startCall(call(jack), { signal: aborted }), /changed my mind/);
      assert.equal(await emulator.rings(jack), 0);
      await emulator.inject({ fault: "delay", ms: 1000, command: "get_call_info" });
      const controller = new AbortController();
      const read = client().getCallInfo("c-1", { signal: controller.signal });
      setTimeout(() => controller.abort(new Error("too slow")), 100);
      await assert.rejects(read, /too slow/);
    });

    test("callees answer, refuse, are busy or offline by their names", async () => {
      const trtc = client();
      for (const [kind, result] of [
        ["reject", "Reject"],
        ["noanswer", "NotAnswer"],
        ["busy", "CallBusy"],
        ["offline", "Offline"],
        ["answer-100-drop-100", "Interrupt"],
        ["answer-100-hangup-100", "NormalEnd"],
      ]) {
        const { callId } = await trtc.startCall({ ...call(someone(kind)), ringTimeout: 10_000 });
        await emulator.advance(20_000);
        assert.equal((await trtc.getRecord(callId)).record.result, result);
      }
    });

    test("a script changes what a user does", async () => {
      const jack = someone();
      await emulator.setScript(jack, { script: "reject", afterMs: 10 });
      const { callId } = await client().startCall(call(jack));
      await emulator.advance(6000);
      assert.equal((await client().getRecord(callId)).record.result, "Reject");
    });

    describe("records and the callback configuration", () => {
      const LIST = "get_record_by_filter";
      const robot = "lister";

      /** The CallIds of that many calls whose records are there, the latest first. */
      async function records(count) {
        const trtc = client();
        const callIds = [];
        for (let index = 0; index < count; index += 1) {
          const { callId } = await trtc.startCall({ ...call(someone("answer-0-hangup-0")), robot });
          callIds.unshift(callId);
        }
        await emulator.advance(6000);
        return callIds;
      }

      async function list(filter, trtc = client()) {
        const callIds = [];
        const now = Math.floor(Date.now() / 1000);
        for await (const { callId } of trtc.listRecords({ now, ...filter })) callIds.push(callId);
        return callIds;
      }

      test("every record is listed once, and a page is asked for when it is needed", async () => {
        const wanted = await records(7);
        let asked = 0;
        const counting = (url, init) => {
          if (String(url).includes(LIST)) asked += 1;
          return (emulator.fetch ?? fetch)(url, init);
        };
        const listing = client({ fetch: counting }).listRecords({ pageSize: 3 });
        assert.equal(listing.total, null);
        const found = [];
        for await (const record of listing) {
          found.push(record.callId);
          assert.equal(record.wasAnswered, true);
          assert.ok(asked <= Math.ceil(found.length / 3));
          assert.ok(listing.total >= 7);
          if (found.length === 7) break;
        }
        assert.deepEqual(found, wanted);
        assert.equal(asked, 3);
        assert.deepEqual(await listing.next(), { done: true, value: undefined });
        assert.equal(asked, 3);
        const everything = await list({ pageSize: 100 });
        assert.deepEqual(everything.slice(0, 7), wanted);
        assert.deepEqual(await list({ pageSize: 1 }), everything);
      });

      test("nothing that matches is an empty list", async () => {
        await records(1);
        assert.deepEqual(await list({ result: "Offline", callType: "MultiCall" }), []);
      });

      for (const fault of [
        { fault: "http_status", status: 502 },
        { fault: "cut_before_reply" },
        { fault: "malformed_json" },
        { fault: "rate_limit" },
        { fault: "error_code", code: 101001 },
      ]) {
        test(`a page that fails once is not noticed: ${JSON.stringify(fault)}`, async () => {
          const [latest, second, third] = await records(3);
          const found = [];
          for await (const { callId } of client().listRecords({ pageSize: 1 })) {
            found.push(callId);
            if (found.length === 3) break;
            await emulator.inject({ ...fault, command: LIST });
          }
          assert.deepEqual(found, [latest, second, third]);
        });
      }

      test("a page that goes on failing rejects and keeps its place", async () => {
        const [latest, second] = await records(2);
        const listing = client().listRecords({ pageSize: 1 });
        assert.equal((await listing.next()).value.callId, latest);
        await emulator.inject({ fault: "http_status", status: 503, requests: 3, command: LIST });
        await assert.rejects(listing.next(), { code: "http_status" });
        assert.equal((await listing.next()).value.callId, second);
      });

      test("records that are asked for at once come one after the other", async () => {
        const wanted = await records(4);
        const listing = client().listRecords({ pageSize: 2 });
        const found = await Promise.all(wanted.map(() => listing.next()));
        assert.deepEqual(
          found.map(({ value }) => value.callId),
          wanted,
        );
      });

      test("an entry that is no record is told beside the others", async () => {
        const wanted = await records(3);
        const odd = { CallResult: "NormalEnd", Later: 1.5 };
        const set = { "/Response/CallRecordList/1": odd };
        await emulator.inject({ fault: "altered_reply", set, command: LIST });
        const listing = client().listRecords({ pageSize: 3 });
        const found = [(await listing.next()).value.callId, (await listing.next()).value.callId];
        assert.deepEqual(found, [wanted[0], wanted[2]]);
        assert.deepEqual(listing.unreadable, [odd]);
      });

      test("a signal ends a listing", async () => {
        await records(1);
        const signal = AbortSignal.abort(new Error("enough"));
        await assert.rejects(client().listRecords({}, { signal }).next(), { message: "enough" });
      });

      test("a filter that breaks rules is refused with all its problems", () => {
        const filter = { startTime: Date.now(), result: 5, pageSize: 0, sinse: 1 };
        assert.throws(
          () => client().listRecords(filter),
          (error) => {
            const fields = error.problems.map(({ field }) => field).sort();
            assert.deepEqual(fields, ["pageSize", "result", "sinse", "startTime"]);
            return true;
          },
        );
      });

      test("a callback is set, told, replaced and deleted", async () => {
        const trtc = client();
        assert.equal(await trtc.getCallback(), null);
        assert.equal(await trtc.deleteCallback(), false);
        for (const callback of [
          { url: "https://example.com/a?b=c", commands: ["Call.CallbackAfterStartCall"] },
          { url: "https://example.com", commands: ["Call.CallbackAfterEndCall"] },
        ]) {
          assert.match((await trtc.setCallback(callback)).requestId, /^Id-/);
          const { requestId, ...told } = await trtc.getCallback();
          assert.match(requestId, /^Id-/);
          assert.deepEqual(told, callback);
        }
        await assert.rejects(trtc.setCallback({ url: "x", commands: ["lunch"] }), {
          code: "invalid_request",
        });
        const lunch = { url: "https://x", commands: ["lunch"], allowUnknownCommands: true };
        await assert.rejects(trtc.setCallback(lunch), { errorCode: 100002 });
        assert.equal(await trtc.deleteCallback(), true);
        assert.equal(await trtc.getCallback(), null);
      });
    });
  });
}

test("a call to a server that is not there is sent again, and then is no call", async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  let attempts = 0;
  const trtc = new TrtcCall({
    sdkAppId,
    secretKey,
    admin: "administrator",
    baseUrl: `http://127.0.0.1:${port}`,
    retryPolicy: { baseDelay: 1 },
    fetch: (...args) => {
      attempts += 1;
      return fetch(...args);
    },
  });
  const error = await trtc
    .startCall({ robot: "robot", callees: ["jack"], media: "audio" })
    .catch((error) => error);
  assert.ok(error instanceof TransportError, String(error));
  assert.equal(error.code, "connect_failed");
  assert.equal(error.mayHaveRung, false);
  assert.equal(attempts, 3);
});

test("a redirect is not followed: it would hand on the UserSig", async () => {
  const { createServer } = await import("node:http");
  let visited = 0;
  const elsewhere = createServer((_, response) => {
    visited += 1;
    response.end();
  });
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const server = createServer((_, response) => {
    const location = `http://127.0.0.1:${elsewhere.address().port}/next?usersig=MARKED`;
    response.writeHead(307, { location }).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const baseUrl = `http://127.0.0.1:${server.address().port}`;
    const trtc = new TrtcCall({ sdkAppId, secretKey, admin: "administrator", baseUrl });
    const error = await trtc.endCall("c-1").catch((error) => error);
    assert.deepEqual([error.code, error.status], ["http_status", 307]);
    assert.equal(error.location, `http://127.0.0.1:${elsewhere.address().port}/next`);
    assert.match(error.message, /not followed.*next/);
    assert.ok(!error.message.includes("MARKED"), error.message);
    assert.equal(visited, 0);
  } finally {
    for (const each of [server, elsewhere]) {
      each.closeAllConnections();
      each.close();
    }
  }
});

test("a server that asks for time gets it, as far as the policy has patience", async () => {
  const ok = { ErrorCode: 0, ErrorInfo: "", ActionStatus: "OK", RequestId: "Id-1" };
  for (const [retryAfter, maxDelay, least, most] of [
    ["1", 5000, 1000, 3000],
    ["Tue, 14 Nov 2023 22:13:21 GMT", 5000, 1000, 3000],
    ["3600", 300, 300, 2000],
    ["soon", 5000, 0, 900],
  ]) {
    let requests = 0;
    const trtc = new TrtcCall({
      sdkAppId,
      secretKey,
      admin: "administrator",
      region: "singapore",
      clock: () => 1_700_000_000,
      retryPolicy: { baseDelay: 1, maxDelay },
      fetch: async () => {
        requests += 1;
        if (requests > 1) return Response.json(ok);
        return new Response("", { status: 503, headers: { "retry-after": retryAfter } });
      },
    });
    const began = performance.now();
    await trtc.endCall("c-1");
    const waited = performance.now() - began;
    assert.ok(waited >= least - 5 && waited < most, `${retryAfter}: ${waited} ms`);
    assert.equal(requests, 2);
  }
});

for (const status of [303, 403, 499]) {
  test(`a box that answers ${status} may have passed the call or the stream on`, async () => {
    const trtc = new TrtcCall({
      sdkAppId,
      secretKey,
      admin: "administrator",
      region: "singapore",
      cloud: { secretId: "id", secretKey: "key" },
      fetch: async () => new Response("", { status }),
    });
    const call = { robot: "robot", callees: ["jack"], media: "audio" };
    const error = await trtc.startCall(call).catch((error) => error);
    assert.ok(error instanceof OutcomeUnknownError, String(error));
    assert.equal(error.mayHaveRung, true);
    const stream = { user: "robot", room: 1, streamUrl: "https://example.com/a.mp3" };
    const started = await trtc.startStreamIngest(stream).catch((error) => error);
    assert.equal(started.outcomeUnknown, true);
    assert.equal(started.mayHaveRung, false);
    // What does no harm is not asked again: the answer would be the same.
    const ended = await trtc.endCall("c-1").catch((error) => error);
    assert.equal(ended.retryable, false);
    assert.equal(ended.outcomeUnknown, false);
  });
}

test("the admin's UserSig is reused until a tenth of its lifetime is left", async () => {
  const seen = new Set();
  let now = 1_700_000_000;
  const emulator = createEmulator({ sdkAppId, secretKey, clock: () => now * 1000 });
  const trtc = new TrtcCall({
    sdkAppId,
    secretKey,
    admin: "administrator",
    region: "singapore",
    userSigLifetime: 1000,
    clock: () => now,
    fetch: (url, init) => {
      seen.add(new URL(url).searchParams.get("usersig"));
      return emulator.fetch(url, init);
    },
  });
  for (const [elapsed, expected] of [
    [0, 1],
    [899, 1],
    [900, 2],
    [1700, 2],
  ]) {
    now = 1_700_000_000 + elapsed;
    await assert.rejects(trtc.endCall("c-1"), { code: "call_not_found" });
    assert.equal(seen.size, expected, `after ${elapsed} s`);
  }
});

test("a reply that never ends is cut, and then cannot be read", async () => {
  let pulled = 0;
  const endless = () =>
    new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1 << 20).fill(32));
      },
    });
  const trtc = new TrtcCall({
    sdkAppId,
    secretKey,
    admin: "administrator",
    region: "singapore",
    retryPolicy: { maxAttempts: 1 },
    fetch: async () => new Response(endless()),
  });
  await assert.rejects(trtc.endCall("c-1"), { code: "reply_not_json" });
  assert.ok(pulled < 10);
});
