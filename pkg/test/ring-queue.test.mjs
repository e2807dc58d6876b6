// Rings that wait in a Durable Object: its alarm rings each once, whatever fails on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidRequestError, TrtcCall } from "trtc-call";
import { createEmulator } from "trtc-call/testing";

const application = { sdkAppId: 1400000001, secretKey: "the key of the queue" };
const call = (user) => ({ robot: "robot", callees: [user], media: "audio" });

/** A Durable Object's storage as far as it is used, and the time that its alarm is set to. */
function storage() {
  const values = new Map();
  let last = Promise.resolve();
  const handle = {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, structuredClone(value)),
  };
  return {
    ...handle,
    values,
    alarmAt: null,
    transaction: (closure) => (last = last.then(() => closure(handle))),
    list: async ({ prefix, limit }) =>
      new Map([...values].filter(([key]) => key.startsWith(prefix)).sort().slice(0, limit)),
    delete: async (key) => values.delete(key),
    async setAlarm(time) {
      this.alarmAt = time;
    },
    async deleteAlarm() {
      this.alarmAt = null;
    },
  };
}

function open() {
  const emulator = createEmulator(application);
  const trtc = new TrtcCall({ ...application, admin: "administrator", region: "singapore", fetch: emulator.fetch });
  const kept = storage();
  return { emulator, kept, queue: trtc.ringQueue(kept) };
}

test("what is put in is rung by the alarm, once, and the alarm is over when nothing waits", async () => {
  const { emulator, kept, queue } = open();
  const users = Array.from({ length: 50 }, (_, number) => `user-${number}`);
  for (const user of users) {
    const { verdict, repeated, ring } = await queue.enqueue(user, call(user));
    assert.deepEqual([verdict, repeated, ring.state], ["in_progress", false, "queued"]);
  }
  assert.equal((await queue.enqueue("user-7", call("user-7"))).repeated, true);
  assert.ok(kept.alarmAt <= Date.now());
  assert.equal(emulator.rings("user-0"), 0);
  await queue.alarm();
  assert.ok(kept.alarmAt <= Date.now(), "an alarm rings some, and the next one the rest");
  await queue.alarm();
  assert.equal(kept.alarmAt, null);
  assert.deepEqual(users.map((user) => emulator.rings(user)), users.map(() => 1));
  assert.equal((await queue.outcome("user-7")).state, "rung");
  assert.equal(await queue.outcome("nobody"), null);
  assert.ok(![...kept.values.keys()].some((key) => key.startsWith("queue:")));
});

test("an alarm that comes again, and an object that is lost after it has rung, ring nobody twice", async () => {
  const { emulator, kept, queue } = open();
  await queue.enqueue("a", call("jack"));
  const remove = kept.delete;
  kept.delete = async () => Promise.reject(new Error("the object is gone"));
  await assert.rejects(queue.alarm(), /the object is gone/);
  assert.ok(kept.alarmAt !== null, "it is woken again");
  kept.delete = remove;
  await queue.alarm();
  await queue.alarm();
  assert.equal(emulator.rings("jack"), 1);
  assert.equal(kept.alarmAt, null);
});

test("a ring waits for its time, and what the service does not take lets the others go first", async () => {
  const { emulator, kept, queue } = open();
  const tomorrow = Date.now() + 86_400_000;
  await queue.enqueue("later", call("jill"), { notBefore: tomorrow });
  assert.equal(kept.alarmAt, tomorrow);
  for (let attempt = 0; attempt < 3; attempt += 1) emulator.inject({ fault: "rate_limit" });
  await queue.enqueue("a", call("jack"));
  assert.ok(kept.alarmAt <= Date.now());
  await queue.alarm();
  assert.equal(emulator.rings("jack"), 0);
  assert.equal((await queue.outcome("a")).state, "queued");
  assert.ok(kept.alarmAt > Date.now() && kept.alarmAt < tomorrow);
  assert.equal(emulator.rings("jill"), 0);
});

test("a key that stands for another call, and a call that is none, are told at once", async () => {
  const { kept, queue } = open();
  await queue.enqueue("a", call("jack"));
  assert.equal((await queue.enqueue("a", call("jill"))).verdict, "key_reused");
  const entries = kept.values.size;
  await assert.rejects(queue.enqueue("b", call("j ill")), InvalidRequestError);
  await assert.rejects(queue.enqueue("", call("jill")), InvalidRequestError);
  assert.equal(kept.values.size, entries);
});

test("a time that is none, or in seconds, is refused, and nothing is put in", async () => {
  const { kept, queue } = open();
  for (const notBefore of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1_900_000_000, "tomorrow", new Date(), null]) {
    await assert.rejects(queue.enqueue("a", call("jack"), { notBefore }), ({ problems }) => {
      assert.deepEqual(problems.map(({ field }) => field), ["notBefore"]);
      return true;
    });
  }
  assert.equal(kept.values.size, 0);
});
