// The example with a queue, in Cloudflare's own runtime: a message that is delivered three times rings once.
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { Miniflare } from "miniflare";
import { environment } from "../examples/server.mjs";
import { bundledWorker, version } from "../harness.mjs";

export default { name: "workerd: a queue's message that comes again", run };

async function run(baseUrl) {
  const worker = await bundledWorker(resolve("workerd-queue/worker.mjs"), resolve("workerd-queue/out"));
  const miniflare = new Miniflare({
    ...worker,
    bindings: environment(baseUrl),
    durableObjects: { RINGS: { className: "Rings", useSQLite: true } },
    queueProducers: { REMINDERS: "reminders" },
    queueConsumers: { reminders: { maxBatchTimeout: 0.05, maxRetries: 5 } },
  });
  try {
    const user = `answer-0-stay-${Date.now()}`;
    const url = new URL(`/orders/4711/reminders/${user}`, await miniflare.ready);
    assert.equal((await fetch(url, { method: "POST" })).status, 202);
    const told = async () => (await fetch(url)).json();
    for (const began = Date.now(); (await told()).length < 3; ) {
      assert.ok(Date.now() - began < 30_000, JSON.stringify(await told()));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const lines = await told();
    assert.deepEqual(lines.map(({ attempt, repeated }) => [attempt, repeated]), [[1, false], [2, true], [3, true]]);
    assert.ok(lines.every(({ verdict, callId }) => verdict === "rung" && callId === lines[0].callId));
    const calls = await (await fetch(new URL("/emulator/calls", baseUrl))).json();
    const rings = calls.filter(({ callees }) => JSON.stringify(callees).includes(user));
    assert.equal(rings.length, 1);
    return { version: version("workerd"), passed: 3 };
  } finally {
    await miniflare.dispose();
  }
}
