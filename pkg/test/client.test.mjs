// What the client does at its edges: what it is given, what it says when something fails, and where it turns to.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  build,
  createIngestWebhookHandler,
  createUnsignedWebhookHandler,
  createWebhookHandler,
  InvalidRequestError,
  OutcomeUnknownError,
  TransportError,
  TrtcCall,
} from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { build as bundle } from "esbuild";

const application = { sdkAppId: 1400000001, secretKey: "the key of the edges" };
const call = { robot: "robot", callees: ["jack"], media: "audio", room: "room" };
const options = { ...application, admin: "administrator", region: "singapore" };
const once = { retryPolicy: { maxAttempts: 1 } };
const client = (more) => new TrtcCall({ ...options, ...more });
const caught = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);
const fieldsOf = (make) => {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof InvalidRequestError, String(error));
    return error.problems.map(({ field }) => field).sort();
  }
  return [];
};

test("what fetch threw stands at the end of the chain of causes", async () => {
  class Mine extends Error {}
  const mine = new Mine("the proxy is down", { cause: { code: "EPROXY" } });
  const trtc = client({ ...once, fetch: async () => Promise.reject(mine) });
  const unknown = await caught(trtc.startCall(call));
  assert.ok(unknown instanceof OutcomeUnknownError);
  assert.ok(unknown.cause instanceof TransportError);
  assert.equal(unknown.cause.cause, mine);
  assert.equal((await caught(trtc.endCall("c-1"))).cause, mine);
  assert.match(unknown.cause.message, /the proxy is down|EPROXY/);
});

test("a call that the service started without naming it may have rung, and the reply is told", async () => {
  const emulator = createEmulator(application);
  emulator.inject({ fault: "altered_reply", remove: ["/Response/CallId"], command: "start_call_by_robot" });
  const unknown = await caught(client({ fetch: emulator.fetch }).startCall(call));
  assert.ok(unknown instanceof OutcomeUnknownError, String(unknown));
  assert.ok(unknown.mayHaveRung && !unknown.retryable);
  const { code, message, status, firstBytes, requestId } = unknown.cause;
  assert.deepEqual([code, status, emulator.rings("jack")], ["reply_payload", 200, 1]);
  assert.match(message, /CallId is missing/);
  assert.match(firstBytes, /CallResult/);
  assert.ok(requestId.length > 0 && requestId === unknown.requestId);
});

test("a key, a token or an access key that is not set is a problem with its name", () => {
  const unset = undefined;
  assert.deepEqual(fieldsOf(() => client({ secretKey: unset })), ["secretKey"]);
  assert.deepEqual(fieldsOf(() => createWebhookHandler({ sdkAppId: 1, token: unset })), ["token"]);
  assert.deepEqual(fieldsOf(() => createIngestWebhookHandler({ sdkAppId: 1, key: unset })), ["key"]);
  const cloud = { secretId: unset, secretKey: unset };
  assert.deepEqual(fieldsOf(() => client({ cloud })), ["cloud.secretId", "cloud.secretKey"]);
  assert.throws(() => client({ secretKey: unset }), /secretKey: must be given.*set the variable/);
});

test("a name that is not found, a refused connection and a failed handshake are told", async () => {
  const server = createServer((socket) => socket.resume().end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const root = (error) => (error.cause === undefined ? error : root(error.cause));
  const tried = async (baseUrl) => root(await caught(client({ ...once, region: undefined, baseUrl }).endCall("c-1")));
  assert.match((await tried("https://nowhere.invalid")).code, /^(ENOTFOUND|EAI_AGAIN)$/);
  assert.match((await tried(`https://127.0.0.1:${port}`)).message, /ssl|tls|wrong version/i);
  await new Promise((resolve) => server.close(resolve));
  const refused = await tried(`https://127.0.0.1:${port}`);
  assert.deepEqual([refused.code, refused.port], ["ECONNREFUSED", port]);
});

test("an error that names the URL is copied without the query, and so is what leads to it", async () => {
  let thrown;
  const fetch = async (url, init) => {
    const inner = Object.assign(new Error(`reset: ${url}`), { code: "ECONNRESET", request: new Request(url, init) });
    thrown = new TypeError("fetch failed", { cause: inner });
    throw thrown;
  };
  const { cause } = await caught(client({ ...once, fetch }).endCall("c-1"));
  assert.notEqual(cause, thrown);
  assert.deepEqual([cause.name, cause.message, cause.cause.code], ["TypeError", "fetch failed", "ECONNRESET"]);
  assert.match(cause.cause.message, /^reset: https:\/\/adminapisgp.im.qcloud.com\/.*\?\(hidden\)$/);
  assert.match(cause.cause.stack, /client\.test\.mjs/);
  assert.equal("request" in cause.cause, false);
});

test("who cancels finds the signal's reason behind an unknown outcome", async () => {
  const stop = new AbortController();
  const reason = new Error("shutting down");
  const fetch = () => {
    setImmediate(() => stop.abort(reason));
    return new Promise(() => {});
  };
  const error = await caught(client({ fetch }).startCall(call, { signal: stop.signal }));
  assert.deepEqual([error.name, error.cause.code, error.cause.cause], ["OutcomeUnknownError", "cancelled", reason]);
});

test("one signal serves 20 calls without a warning", async () => {
  const warnings = [];
  const warn = (warning) => warnings.push(String(warning));
  process.on("warning", warn);
  const stop = new AbortController();
  const trtc = client({ fetch: () => new Promise(() => {}) });
  const asked = Array.from({ length: 20 }, () => caught(trtc.endCall("c-1", { signal: stop.signal })));
  await new Promise((resolve) => setTimeout(resolve, 50));
  stop.abort(new Error("enough"));
  for (const { message } of await Promise.all(asked)) assert.equal(message, "enough");
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warn);
  assert.deepEqual(warnings, []);
});

test("JSON of an error has its message, and nothing of what fetch threw", async () => {
  const fetch = async () => Promise.reject(Object.assign(new Error("x"), { token: "another secret" }));
  const error = await caught(client({ ...once, fetch }).startCall(call));
  const told = JSON.parse(JSON.stringify(error));
  assert.deepEqual([told.name, told.message, told.callees], ["OutcomeUnknownError", error.message, ["jack"]]);
  assert.deepEqual([told.cause.name, told.cause.message], ["TransportError", error.cause.message]);
  assert.ok(!JSON.stringify(error).includes("another secret"));
});

test("the names of the error classes survive a minifier", async () => {
  const folder = mkdtempSync(join(tmpdir(), "trtc-call-"));
  const outfile = join(folder, "minified.mjs");
  const code = 'export * from "trtc-call"';
  const stdin = { contents: code, resolveDir: import.meta.dirname };
  await bundle({ stdin, outfile, bundle: true, minify: true, format: "esm", platform: "node", logLevel: "error" });
  const minified = await import(outfile);
  rmSync(folder, { recursive: true });
  assert.notEqual(minified.InvalidRequestError.name, "InvalidRequestError");
  assert.throws(() => new minified.TrtcCall({}), { name: "InvalidRequestError" });
  const trtc = new minified.TrtcCall({ ...options, ...once, fetch: async () => Promise.reject(new Error("x")) });
  const error = await caught(trtc.startCall(call));
  assert.deepEqual([error.name, error.cause.name], ["OutcomeUnknownError", "TransportError"]);
});

test("a fetch that is no function, a clock of fractions and unknown options are refused at once", () => {
  const wrong = { fetch: {}, clock: () => Date.now() / 1000, backupHost: "yes", onError() {}, regoin: 1 };
  assert.deepEqual(fieldsOf(() => client(wrong)), ["backupHost", "clock", "fetch", "onError", "regoin"]);
  assert.deepEqual(fieldsOf(() => client({ clock: 1_700_000_000 })), ["clock"]);
  assert.deepEqual(fieldsOf(() => client({ cloud: { ...testCredential, onError() {} } })), ["cloud.onError"]);
  assert.deepEqual(fieldsOf(() => client({ clock: () => 1_700_000_000 })), []);
  assert.deepEqual(fieldsOf(() => client({ clock: () => Date.now() })), ["clock"]);
});

test("a retry policy that is none is refused at once", () => {
  for (const [retryPolicy, fields] of [
    [{ maxAttempts: 1, baseDelay: 0, maxDelay: 60_000 }, []],
    [{ maxAttempts: -1, baseDelay: Number.NaN, maxDelay: "5" }, ["baseDelay", "maxAttempts", "maxDelay"]],
    [{ maxAttempts: 0, baseDelay: Number.POSITIVE_INFINITY }, ["baseDelay", "maxAttempts"]],
    [{ maxAttempts: 2 ** 32 + 2 }, ["maxAttempts"]],
    [{ maxAttemps: 1, retries: 0 }, ["maxAttemps", "retries"]],
  ]) {
    const expected = fields.map((field) => `retryPolicy.${field}`);
    assert.deepEqual(fieldsOf(() => client({ retryPolicy })), expected, JSON.stringify(retryPolicy));
  }
  assert.deepEqual(fieldsOf(() => client({ retryPolicy: 5 })), ["retryPolicy"]);
});

test("a signal in the place of its options is refused, and rings nobody", async () => {
  const error = await caught(client().startCall(call, AbortSignal.abort()));
  assert.match(error.message, /write \{ signal \}/);
});

test("a fetch without streams is read as a whole", async () => {
  const reply = { ActionStatus: "OK", ErrorCode: 0, ErrorInfo: "", RequestId: "r", CallId: "c-1", RoomId: "room" };
  const bytes = new TextEncoder().encode(JSON.stringify(reply));
  for (const body of [undefined, { pipe() {} }]) {
    const fetch = async () => ({ status: 200, headers: new Headers(), body, arrayBuffer: async () => bytes.buffer });
    const error = await caught(client({ fetch }).startCall(call));
    assert.doesNotMatch(String(error), /interrupted|getReader/);
  }
});

test("a reply that repeats the request shows none of its secrets", async () => {
  const reports = [];
  let userSig;
  const fetch = async (url) => {
    userSig = new URL(url).searchParams.get("usersig");
    const error = JSON.stringify({ message: `Route POST:${url} not found`, again: userSig.replaceAll("*", "%2A") });
    return new Response(error, { status: 404, headers: { location: `/login/${encodeURIComponent(url)}` } });
  };
  const options = { fetch, onExchange: (report) => reports.push(report), retryPolicy: { maxAttempts: 1 } };
  const error = await caught(client(options).startCall(call));
  const shown = JSON.stringify([error, error.cause, error.message, error.stack, reports]);
  assert.match(shown, /not found/);
  for (const part of [userSig.slice(0, 40), userSig.slice(-40)]) assert.ok(!shown.includes(part), shown);
});

for (const [name, create, settings] of [
  ["createWebhookHandler", createWebhookHandler, { token: "token" }],
  ["createUnsignedWebhookHandler", createUnsignedWebhookHandler, {}],
  ["createIngestWebhookHandler", createIngestWebhookHandler, { key: "key" }],
]) {
  test(`${name} refuses unknown options and listeners that are no functions`, () => {
    const good = { sdkAppId: 1400000001, ...settings };
    assert.equal(typeof create({ ...good, onRefused() {}, onError() {} }), "function");
    assert.deepEqual(fieldsOf(() => create({ ...good, onEnded() {}, tolerence: 5 })), ["onEnded", "tolerence"]);
    assert.deepEqual(fieldsOf(() => create({ ...good, onRefused: "log" })), ["onRefused"]);
  });
}

test("a handler's clock of fractions is refused at once", () => {
  const settings = { sdkAppId: 1400000001, token: "token", now: () => 1.5 };
  assert.deepEqual(fieldsOf(() => createWebhookHandler(settings)), ["now"]);
});

test("a fix names the option to set", () => {
  const account = { sdkAppId: 1400000001, admin: "administrator", userSig: "x", region: "singapore" };
  for (const [make, words] of [
    [() => client({ region: undefined, baseUrl: "http://a.example" }), "`plainHttp`"],
    [() => client({ admin: "ad min" }), "`allowAnyUserId`"],
    [() => build.startCallByRobot({ ...call, callees: ["ja ck"] }, account), "`allowAnyUserId`"],
    [() => build.setCallback({ url: "https://a.example", commands: ["x"] }, account), "`allowUnknownCommands`"],
    [() => build.startCallByRobot({ ...call, media: "sound" }, account), "audio or video"],
  ]) {
    assert.throws(make, (error) => error.message.includes(words) || assert.fail(error.message));
  }
});

/** A request that each command and action takes. */
const requests = {
  startCallByRobot: call,
  getCallInfo: { callId: "c-1" },
  endCall: { callId: "c-1" },
  getRecordByCallid: { callId: "c-1" },
  getRecordByFilter: {},
  setCallback: { url: "https://a.example", commands: ["Call.CallbackAfterEndCall"] },
  getCallback: {},
  deleteCallback: {},
  startStreamIngest: { user: "robot", room: 1, streamUrl: "https://a.example/a.mp3", userSig: "x" },
  updateStreamIngest: { taskId: "t", pause: true },
  describeStreamIngest: { taskId: "t" },
  stopStreamIngest: { taskId: "t" },
  dismissRoom: { room: 1 },
  dismissRoomByStrRoomId: { room: "1" },
  removeUser: { room: 1, users: ["jack"] },
  removeUserByStrRoomId: { room: "1", users: ["jack"] },
};
const account = { sdkAppId: 1400000001, admin: "administrator", userSig: "x", region: "singapore" };
const cloudAccount = { sdkAppId: 1400000001, ...testCredential };

test("every command and action takes further fields, and none replaces what is sent", () => {
  assert.deepEqual(Object.keys(requests).sort(), Object.keys(build).sort());
  const extra = { NewerField: { z: [1, "2", null], a: 9007199254740991 }, "odd name": true };
  for (const [name, request] of Object.entries(requests)) {
    const sender = /Ingest|Room|User/.test(name) ? cloudAccount : account;
    const plain = JSON.parse(build[name](request, sender).body);
    const further = JSON.parse(build[name]({ ...request, extra }, sender).body);
    assert.deepEqual(further, { ...plain, ...extra }, name);
    const [known] = Object.keys(plain);
    if (known === undefined) continue;
    assert.deepEqual(fieldsOf(() => build[name]({ ...request, extra: { [known]: 1 } }, sender)), [`extra.${known}`]);
    assert.deepEqual(fieldsOf(() => build[name]({ ...request, extra: [] }, sender)), ["extra"]);
  }
});

test("the client's methods take further fields", async () => {
  const bodies = [];
  const fetch = async (_, { body }) => {
    bodies.push(JSON.parse(body));
    return new Response("", { status: 403 });
  };
  const trtc = client({ ...once, fetch, cloud: testCredential });
  const extra = { NewerField: 1 };
  for (const send of [
    () => trtc.startCall({ ...call, extra }),
    () => trtc.getCallInfo("c-1", { extra }),
    () => trtc.endCall("c-1", { extra }),
    () => trtc.getRecord("c-1", { extra }),
    () => trtc.setCallback({ ...requests.setCallback, extra }),
    () => trtc.getCallback({ extra }),
    () => trtc.deleteCallback({ extra }),
    () => trtc.startStreamIngest({ ...requests.startStreamIngest, extra }),
    () => trtc.updateStreamIngest({ ...requests.updateStreamIngest, extra }),
    () => trtc.describeStreamIngest("t", { extra }),
    () => trtc.stopStreamIngest("t", { extra }),
    () => trtc.room(1).dismiss({ extra }),
    () => trtc.room("1").remove(["jack"], { extra }),
  ]) {
    await caught(send());
    assert.equal(bodies.at(-1).NewerField, 1, String(send));
  }
  assert.equal(bodies.length, 13);
});

/** An emulated service of which some hosts cannot be reached; `asked` are the hosts, in order. */
function reachable(unreachable, code = "ECONNREFUSED") {
  const emulator = createEmulator({ ...application });
  const asked = [];
  const fetch = async (url, init) => {
    const { host } = new URL(url);
    asked.push(host);
    if (unreachable.has(host)) throw new TypeError("fetch failed", { cause: Object.assign(new Error(""), { code }) });
    return emulator.fetch(url, init);
  };
  return { fetch, asked, emulator };
}

const [usual, backup] = ["adminapisgp.im.qcloud.com", "adminapisgp.my-imcloud.com"];

test("the backup host is asked where certainly nothing was sent, and then stays", async () => {
  const down = new Set([usual]);
  const { fetch, asked, emulator } = reachable(down);
  const trtc = client({ ...once, fetch });
  const { callId } = await trtc.startCall(call);
  await trtc.getCallInfo(callId);
  assert.deepEqual(asked.splice(0), [usual, backup, backup]);
  down.clear();
  down.add(backup);
  await trtc.getCallInfo(callId);
  assert.deepEqual(asked.splice(0), [backup, usual]);
  assert.equal(emulator.rings("jack"), 1);
});

test("the backup host is not asked where something may have been sent, nor where it is switched off", async () => {
  for (const [code, more] of [
    ["ECONNRESET", {}],
    ["UND_ERR_HEADERS_TIMEOUT", {}],
    [null, {}],
    ["ECONNREFUSED", { backupHost: false }],
    ["ECONNREFUSED", { region: undefined, baseUrl: `https://${usual}` }],
  ]) {
    const { fetch, asked } = reachable(new Set([usual]), code);
    await caught(client({ ...once, ...more, fetch }).startCall(call));
    assert.deepEqual(asked, [usual], String(code));
  }
});

test("a rate above the vendor's usual one is taken", () => {
  assert.ok(client({ requestsPerSecond: 1000, cloud: { ...testCredential, requestsPerSecond: 100 } }));
});

test("a listing waits a second after a page that failed, and ends at a refusal that would come again", async () => {
  const emulator = createEmulator({ ...application });
  const records = client({ ...once, fetch: emulator.fetch }).listRecords();
  emulator.inject({ fault: "http_status", status: 503 });
  assert.equal((await caught(records.next())).code, "http_status");
  const began = performance.now();
  emulator.inject({ fault: "error_code", code: 70003 });
  assert.equal((await caught(records.next())).effect, "refused");
  assert.ok(performance.now() - began > 990);
  assert.deepEqual(await records.next(), { done: true, value: undefined });
});

test("a process that is asked to stop ends call and stream, as the README shows", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);
  const [example, ...others] = blocks.filter((code) => code.includes('"SIGTERM"'));
  assert.deepEqual(others, []);
  const prelude = `
    import { TrtcCall } from "trtc-call";
    import { createEmulator, testCredential } from "trtc-call/testing";
    const emulator = createEmulator(${JSON.stringify(application)});
    const trtc = new TrtcCall({ ...${JSON.stringify(options)}, cloud: testCredential, fetch: emulator.fetch });
    const plan = { ...${JSON.stringify(call)}, callees: ["answer-0-hangup-600000"], pollInterval: 250,
      streamUrl: "https://example.com/live" };
    setInterval(() => { if (emulator.ingests().length > 0) console.log("playing"); }, 50).unref();
  `;
  const tail = "console.log(JSON.stringify([emulator.ingests()[0].end, emulator.calls()[0].end].map(Boolean)))";
  const args = ["--input-type=module", "--eval", `${prelude}${example}${tail}`];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (data) => {
    if (output === "" && String(data).includes("playing")) child.kill("SIGTERM");
    output += data;
  });
  const [code, signal] = await new Promise((resolve) => child.on("close", (...how) => resolve(how)));
  assert.deepEqual([code, signal], [0, null], output);
  assert.match(output, /reason: 'requested'/);
  assert.match(output, /\[true,true\]/);
});
