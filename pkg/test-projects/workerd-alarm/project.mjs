// The example whose Durable Object rings by its alarm, in Cloudflare's own runtime, which is stopped in the middle and
// started again: everybody rings once.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Miniflare } from "miniflare";
import { environment, waitFor } from "../examples/server.mjs";
import { answer, bundledWorker, version } from "../harness.mjs";

export default { name: "workerd: rings that wait for an alarm", run };

const USERS = 60;

async function run(baseUrl) {
  const worker = await bundledWorker(resolve("../examples/cloudflare-alarm/worker.ts"), resolve("workerd-alarm/out"));
  const kept = mkdtempSync(join(tmpdir(), "trtc-call-alarm-"));
  const runtime = () =>
    new Miniflare({
      ...worker,
      bindings: environment(baseUrl),
      durableObjects: { RINGS: { className: "Rings", useSQLite: true } },
      durableObjectsPersist: kept,
    });
  const began = Date.now();
  const users = Array.from({ length: USERS }, (_, number) => `answer-0-stay-${began}-${number}`);
  let miniflare = runtime();
  const ask = async (user, method) => {
    const url = new URL(`/orders/1/reminders/${user}`, await miniflare.ready);
    return answer(await fetch(url, { method }));
  };
  const rung = async () => {
    const rings = await (await fetch(new URL("/emulator/rings", baseUrl))).json();
    const ofUsers = users.map((user) => rings[user] ?? 0);
    assert.ok(ofUsers.every((count) => count <= 1), "nobody is rung twice");
    return ofUsers.filter((count) => count === 1).length;
  };
  try {
    assert.equal(await ask(users[0], "GET"), null);
    // Some ask twice.
    const asked = await Promise.all([...users, ...users.slice(0, 10)].map((user) => ask(user, "POST")));
    assert.equal(asked.filter(({ repeated }) => !repeated).length, USERS);
    await waitFor(async () => (await rung()) > 5, "some to be rung");
    await miniflare.dispose();
    const before = await rung();
    miniflare = runtime();
    const state = async (user) => (await ask(user, "GET")).state;
    // What was on its way when it stopped is unknown only after its time.
    const isDone = async () => {
      const states = await Promise.all(users.map(state));
      return states.every((found) => found === "rung" || found === "sending") && !states.includes("queued");
    };
    await waitFor(isDone, "the rest");
    const states = await Promise.all(users.map(state));
    const lost = states.filter((found) => found === "sending").length;
    assert.ok(lost <= 6, `${lost} were on their way`);
    const after = await rung();
    assert.ok(after >= USERS - lost && after >= before, `${after} of ${USERS}, ${lost} lost`);
    const again = await ask(users.at(-1), "POST");
    assert.deepEqual(again, { verdict: states.at(-1) === "rung" ? "rung" : "in_progress", repeated: true });
    return { version: `${version("workerd")}, ${before} rung before it stopped, ${lost} lost`, passed: 5 };
  } finally {
    await miniflare.dispose();
    rmSync(kept, { recursive: true });
  }
}
