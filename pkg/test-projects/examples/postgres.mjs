// A ledger in a real PostgreSQL: many processes with one key, the command beside them, and a queue whose job runs again.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { environment, startServer, waitFor } from "./server.mjs";
import { run, version } from "../harness.mjs";
import { startCluster } from "./cluster.mjs";

const examples = resolve("../examples");
const inExamples = createRequire(join(examples, "package.json"));
const PROCESSES = 8;

/** Many processes that ask for one key ring once, and the command sees it. */
export const oneKey = (baseUrl) => withCluster(baseUrl, together);

/** A job that runs again rings once. The example is compiled. */
export const jobQueue = (baseUrl) => withCluster(baseUrl, again);

async function withCluster(baseUrl, check) {
  const cluster = await startCluster();
  const env = { ...environment(baseUrl), DATABASE_URL: cluster.url };
  try {
    return await check(baseUrl, env);
  } finally {
    await cluster.stop();
  }
}

async function together(baseUrl, env) {
  const at = Date.now() + 1500;
  const once = (client) =>
    run(process.execPath, ["examples/one-key.mjs", examples, String(at), client], { env: { ...process.env, ...env } });
  const printed = await Promise.all(Array.from({ length: PROCESSES }, (_, it) => once(it % 2 ? "pg" : "postgres.js")));
  const told = printed.map((text) => JSON.parse(text));
  assert.equal(told.filter(({ repeated }) => !repeated).length, 1, JSON.stringify(told));
  assert.ok(told.every(({ verdict }) => ["rung", "in_progress"].includes(verdict)), JSON.stringify(told));
  assert.equal((await callsOf(baseUrl, "answer-0-stay-together")).length, 1);
  // The command goes by the same ledger.
  const store = `${env.DATABASE_URL}?sslmode=disable`;
  const args = ["ledger", "show", "together", "--json", "--store", store, "--sdkappid", env.TRTC_SDKAPPID];
  const shown = JSON.parse(await run(process.env.TRTC_CALL, args));
  assert.equal(shown.state, "rung");
  assert.equal(shown.callId, told.find(({ repeated }) => !repeated).callId);
  return { version: await server(env), passed: PROCESSES + 4 };
}

/** A job that the queue gives up while the reply is on its way, and runs again: by an error, and by its time. */
async function again(baseUrl, env) {
  const user = `answer-0-stay-${Date.now()}`;
  await inject(baseUrl, { fault: "delay", ms: 3000, command: "start_call_by_robot", takesEffect: true });
  const command = [process.execPath, join(examples, "out/job-queue/main.js")];
  const example = await startServer(command, baseUrl, examples, env);
  const PgBoss = inExamples("pg-boss");
  const boss = await new PgBoss(env.DATABASE_URL).start();
  const told = () => {
    const lines = example.printed().split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line));
  };
  try {
    const impatient = { retryLimit: 10, retryDelay: 1, expireInSeconds: 1 };
    const id = await boss.send("reminders", { order: "4711", user }, impatient);
    const job = () => boss.getJobById("reminders", id);
    await waitFor(async () => (await job()).state === "completed", `the job's end: ${example.printed()}`);
    assert.ok((await job()).retryCount > 0, "it ran again");
    await waitFor(async () => told().some(({ repeated }) => !repeated), "the first run's end");
    assert.equal(told().filter(({ repeated }) => !repeated).length, 1, example.printed());
    assert.ok(told().some(({ verdict, repeated }) => verdict === "rung" && repeated), example.printed());
    assert.equal((await callsOf(baseUrl, user)).length, 1);
    const asked = await fetch(`${example.url}/orders/4711/reminders/${user}`, { method: "POST" });
    assert.equal(asked.status, 202);
    const before = told().length;
    await waitFor(() => told().length > before, "another job with the same key");
    assert.equal((await callsOf(baseUrl, user)).length, 1);
  } finally {
    await boss.stop({ graceful: false });
    await example.stop();
  }
  return { version: version("pg-boss", examples), passed: 6 };
}

async function inject(baseUrl, fault) {
  const { status } = await fetch(new URL("/emulator/faults", baseUrl), { method: "POST", body: JSON.stringify(fault) });
  assert.ok(status < 300, String(status));
}

async function callsOf(baseUrl, user) {
  const calls = await (await fetch(new URL("/emulator/calls", baseUrl))).json();
  return calls.filter(({ callees }) => JSON.stringify(callees).includes(user));
}

async function server(env) {
  const { Client } = inExamples("pg");
  const client = new Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query("SHOW server_version");
  await client.end();
  return `PostgreSQL ${rows[0].server_version}`;
}
