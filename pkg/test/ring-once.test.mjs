// A key rings once, over each store, whoever asks for it and however often.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { durableObjectStore, InvalidRequestError, memoryStore, postgresStore, TrtcCall } from "trtc-call";
import { createEmulator } from "trtc-call/testing";

const application = { sdkAppId: 1400000001, secretKey: "the key of the rings" };
const call = { robot: "robot", callees: ["jack"], media: "audio" };
const client = (emulator, more) =>
  new TrtcCall({ ...application, admin: "administrator", region: "singapore", fetch: emulator.fetch, ...more });

/** A Durable Object's storage as far as it is used: its transactions come one after the other. */
function storage() {
  const values = new Map();
  let last = Promise.resolve();
  const handle = {
    get: async (key) => values.get(key),
    put: async (key, value) => void values.set(key, value),
  };
  const transaction = (closure) => (last = last.then(() => closure(handle)));
  return { ...handle, transaction };
}

// It takes its time to start: tests share it, each with keys of its own.
let opened;
const inPostgres = () => (opened ??= openPostgres());
after(async () => (await opened)?.database.close());

async function openPostgres() {
  const database = new PGlite();
  const store = postgresStore((sql, parameters) => database.query(sql, parameters));
  await store.migrate();
  await store.migrate();
  return { store, database };
}

const stores = [
  ["memory", async () => memoryStore()],
  ["a Durable Object", async () => durableObjectStore(storage())],
  ["PostgreSQL", async () => (await inPostgres()).store],
];

for (const [name, open] of stores) {
  test(`a key rings once, however often and by how many at once it is asked for: ${name}`, async () => {
    const emulator = createEmulator(application);
    const [one, other] = [client(emulator), client(emulator)];
    const ledger = await open();
    const all = await Promise.all(
      [one, other, one, other].map((trtc) => trtc.ringOnce("order-4711", call, { ledger })),
    );
    assert.equal(emulator.rings("jack"), 1);
    assert.equal(all.filter(({ repeated }) => !repeated).length, 1);
    const again = await other.ringOnce("order-4711", call, { ledger });
    assert.deepEqual([again.verdict, again.repeated, again.ring.state], ["rung", true, "rung"]);
    const info = await one.getCallInfo(again.ring.callId);
    assert.equal(info.room, again.ring.room);
    const reused = await one.ringOnce("order-4711", { ...call, callees: ["jill"] }, { ledger });
    assert.deepEqual([reused.verdict, emulator.rings("jill")], ["key_reused", 0]);
    await one.ringOnce("order-4712", call, { ledger });
    assert.equal(emulator.rings("jack"), 2);
  });

  test(`a reply that is lost leaves the key unknown, and rings once: ${name}`, async () => {
    const emulator = createEmulator(application);
    const trtc = client(emulator);
    const ledger = await open();
    emulator.inject({ fault: "cut_before_reply" });
    for (const repeated of [false, true]) {
      const outcome = await trtc.ringOnce("lost", call, { ledger });
      assert.deepEqual([outcome.verdict, outcome.repeated], ["unknown", repeated]);
    }
    assert.equal(emulator.rings("jack"), 1);
  });

  test(`a refusal for frequency is tried again, a refusal for good is not: ${name}`, async () => {
    const emulator = createEmulator(application);
    const trtc = client(emulator);
    const ledger = await open();
    emulator.inject({ fault: "rate_limit" });
    const rung = await trtc.ringOnce("frequent", call, { ledger });
    assert.deepEqual([rung.verdict, emulator.rings("jack")], ["rung", 1]);
    const offline = { ...call, callees: ["offline"] };
    for (const repeated of [false, true]) {
      const refused = await trtc.ringOnce("offline", offline, { ledger });
      assert.deepEqual([refused.verdict, refused.repeated], ["refused", repeated]);
      assert.equal(refused.ring.failure.code, "not_rung");
    }
  });
}

test("a sender that died leaves the key unknown when its time is over, and rings nobody again", async () => {
  const emulator = createEmulator(application);
  const trtc = client(emulator);
  const ledger = memoryStore();
  // It marked the ring and was never heard of again.
  let buried;
  const fetch = () => new Promise((_, reject) => (buried = reject));
  const dead = client({ fetch }, { timeout: 600_000 }).ringOnce("a", call, { ledger });
  while (JSON.parse(await ledger.load(application.sdkAppId, "a")).ring?.state !== "sending") {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal((await trtc.ringOnce("a", call, { ledger })).verdict, "in_progress");
  const inAMinute = {
    load: async (app, key) => {
      const loaded = JSON.parse(await ledger.load(app, key));
      return JSON.stringify({ ...loaded, now: loaded.now + 61_000 });
    },
    write: (...arguments_) => ledger.write(...arguments_),
  };
  assert.equal((await trtc.ringOnce("a", call, { ledger: inAMinute })).verdict, "unknown");
  assert.equal((await trtc.ringOnce("a", call, { ledger })).verdict, "unknown");
  assert.equal(emulator.rings("jack"), 0);
  buried(new Error("the connection broke"));
  assert.equal((await dead).verdict, "unknown");
});

test("a store that fails before the call is sent throws its error, and nothing rings", async () => {
  const emulator = createEmulator(application);
  const gone = new Error("the database is gone");
  const ledger = { load: async () => Promise.reject(gone), write: async () => true };
  await assert.rejects(client(emulator).ringOnce("a", call, { ledger }), gone);
  await assert.rejects(client(emulator).ringOnce("", call, { ledger }), InvalidRequestError);
  await assert.rejects(client(emulator).ringOnce("a", { ...call, callees: [] }, { ledger }), InvalidRequestError);
  assert.equal(emulator.rings("jack"), 0);
});

test("what PostgreSQL gives up because somebody else was faster is said again", async () => {
  const emulator = createEmulator(application);
  const { database } = await inPostgres();
  let said = 0;
  const overtaken = async (sql, parameters) => {
    said += 1;
    const cause = Object.assign(new Error("could not serialize access"), { code: "40001" });
    if (said % 2 === 1) throw new Error("Failed query", { cause });
    return database.query(sql, parameters);
  };
  const { verdict } = await client(emulator).ringOnce("overtaken", call, { ledger: postgresStore(overtaken) });
  assert.equal(verdict, "rung");
  assert.equal(emulator.rings("jack"), 1);
});

test("a ledger of a newer release is refused, and what stands in it is the Rust workers' row", async () => {
  const emulator = createEmulator(application);
  const { store, database } = await inPostgres();
  await client(emulator).ringOnce("row", call, { ledger: store });
  const { rows } = await database.query("SELECT seq, state, call, room, version, own_room FROM trtc_rings WHERE ring_key = 'row'");
  const [row] = rows;
  assert.equal(row.state, "rung");
  assert.equal(JSON.parse(row.call).CallInfo.RoomId, JSON.parse(row.room));
  assert.match(JSON.parse(row.room), /^ring-[0-9a-f]{40}$/);
  assert.equal(row.own_room, true);
  await database.query("INSERT INTO trtc_ring_schema VALUES (99)");
  await assert.rejects(client(emulator).ringOnce("row", call, { ledger: store }), /newer release/);
});

test("a signal cancels what was not sent", async () => {
  const emulator = createEmulator(application);
  const trtc = client(emulator);
  const aborted = AbortSignal.abort(new Error("too late"));
  await assert.rejects(trtc.ringOnce("a", call, { ledger: memoryStore(), signal: aborted }), /too late/);
  // While it waits for its turn.
  const controller = new AbortController();
  const store = memoryStore();
  const write = async (...of) => {
    controller.abort(new Error("in between"));
    return store.write(...of);
  };
  const ledger = { ...store, write };
  await assert.rejects(trtc.ringOnce("a", call, { ledger, signal: controller.signal }), /in between/);
  assert.equal(emulator.rings("jack"), 0);
  assert.equal((await trtc.ringOnce("a", call, { ledger: store })).verdict, "rung");
});

test("a store that does not give text is told so", async () => {
  const ledger = { ...memoryStore(), load: async () => ({ now: 1, ring: null, limiter: null }) };
  await assert.rejects(client(createEmulator(application)).ringOnce("a", call, { ledger }), TypeError);
});
