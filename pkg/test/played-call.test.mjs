// Calls that are played into, against the emulators: through faults, cancelled, abandoned and gone on with. Counted
// is how often phones rang and which streams go on.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { InvalidRequestError, TrtcCall } from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { startEmulator } from "../test-projects/emulator-process.mjs";

const sdkAppId = 1400000001;
const secretKey = "the key of the played calls";

/** The same emulator, seen from the same process. */
async function inProcess() {
  const emulator = createEmulator({ sdkAppId, secretKey });
  return { ...emulator, stop: async () => {} };
}

for (const [where, start] of [
  ["over TCP", () => startEmulator({ sdkAppId, secretKey })],
  ["in process", inProcess],
]) {
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
      const unique = `${calls}-${Math.random().toString(36).slice(2, 8)}`;
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
  });
}
