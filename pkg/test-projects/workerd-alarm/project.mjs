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

/** How many an object rings at a time. */
const AT_A_TIME = 6;

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
    // One after the other: a busy machine has other things to do.
    const states = async () => {
      const found = [];
      for (const user of users) found.push((await ask(user, "GET")).state);
      return found;
    };
    // Of what was on its way when it stopped nobody knows whether it rang: it is not sent again.
    const isRest = (state) => state === "sending" || state === "unknown";
    const isOver = (found) => found.every((state) => state === "rung" || isRest(state)) && found.filter(isRest).length <= AT_A_TIME;
    await waitFor(async () => (await rung()) >= USERS - AT_A_TIME && isOver(await states()), "the rest");
    const found = await states();
    const lost = found.filter(isRest).length;
    const after = await rung();
    assert.ok(after >= USERS - lost && after >= before, `${after} of ${USERS}, ${lost} lost`);
    const again = await ask(users[found.indexOf("rung")], "POST");
    assert.deepEqual(again, { verdict: "rung", repeated: true });
    await rung();
    return { version: `${version("workerd")}, ${before} rung before it stopped, ${lost} lost`, passed: 6 };
  } finally {
    await miniflare.dispose();
    rmSync(kept, { recursive: true });
  }
}
