// What holds for the package as a whole.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { inspect } from "node:util";
import { brotliCompressSync } from "node:zlib";
import * as esm from "trtc-call";
import {
  build,
  IngestWebhook,
  InvalidRequestError,
  PrivateMapKey,
  parse,
  TrtcCall,
  tc3Stages,
  UserSig,
} from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";

const require = createRequire(import.meta.url);
const sdkAppId = 1400000001;
const secretKey = "MARKED-KEY-5bd2850fff3ecb11";
const admin = "administrator";

test("every command and action of the core is here, and no other", async () => {
  const glue = await core();
  const names = glue
    .names()
    .map((name) => name[0].toLowerCase() + name.slice(1))
    .map((name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase()))
    .sort();
  assert.ok(names.length > 0);
  assert.deepEqual(Object.keys(build).sort(), names);
  assert.deepEqual(Object.keys(parse).sort(), names);
});

test("it is at most 3.8 MB, unpacked, and depends on nothing", () => {
  const folder = new URL("../", import.meta.url);
  const [{ unpackedSize }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: folder }));
  assert.ok(unpackedSize > 1_000_000 && unpackedSize <= 3_800_000, `${unpackedSize} bytes`);
  assert.equal(require("../package.json").dependencies, undefined);
});

for (const [name, limit] of Object.entries({ core: 290_000, testing: 160_000 })) {
  test(`${name}.wasm is at most ${limit / 1000} KB, compressed`, () => {
    const size = brotliCompressSync(readFileSync(require.resolve(`trtc-call/wasm/${name}.wasm`))).length;
    assert.ok(size > 50_000 && size <= limit, `${size} bytes`);
  });
}

/** The core's functions, without the package. */
async function core() {
  const glue = await import("../wasm/trtc_call_wasm.js");
  glue.initSync({ module: readFileSync(new URL("../wasm/core.wasm", import.meta.url)) });
  return glue;
}

test("require and import give the same names", () => {
  assert.deepEqual(Object.keys(require("trtc-call")).sort(), Object.keys(esm).sort());
  const { TrtcCall, UserSig } = require("trtc-call");
  assert.ok(UserSig.sign({ sdkAppId, secretKey, userId: "jack", expire: 60 }).length > 100);
  assert.ok(new TrtcCall({ sdkAppId, secretKey, admin, region: "china" }));
});

test("all problems of a call are listed, in the names of JavaScript", () => {
  const account = { sdkAppId, admin, userSig: "s", region: "seoul" };
  const call = {
    robot: 5,
    callees: ["a b", "c", "c"],
    media: "holo",
    room: -1,
    ringTimeout: Number.NaN,
    userData: "é".repeat(501),
    ringTimeOut: 1,
  };
  assert.throws(
    () => build.startCallByRobot(call, account),
    (error) => {
      assert.ok(error instanceof InvalidRequestError);
      assert.equal(error.code, "invalid_request");
      const fields = error.problems.map(({ field }) => field).sort();
      assert.deepEqual(fields, [
        "callees[0]",
        "callees[2]",
        "media",
        "ringTimeOut",
        "ringTimeout",
        "robot",
        "room",
        "userData",
      ]);
      assert.ok(error.problems.every(({ rule, fix }) => rule.length > 0 && fix.length > 0));
      return true;
    },
  );
  for (const [bad, field] of [
    [{}, "robot"],
    [{ robot: "r", callees: "jack", media: "video" }, "callees"],
    [{ robot: "r", callees: [], media: "video" }, "callees"],
    [{ robot: "r", callees: ["j"], media: "video", room: 1.5 }, "room"],
    [{ robot: "r", callees: ["j"], media: "video", room: null }, "room"],
    [{ robot: "r", callees: ["j"], media: "video", room: 4294967296 }, "room"],
    [{ robot: "r", callees: ["j"], media: "video", ringTimeout: 9999 }, "ringTimeout"],
    [{ robot: "r", callees: ["j"], media: "video", ringTimeout: 20000.5 }, "ringTimeout"],
    [{ robot: "r", callees: ["j"], media: "video", room: 1n }, "request"],
    [undefined, "call"],
    ["x", "call"],
  ]) {
    assert.throws(
      () => build.startCallByRobot(bad, account),
      (error) => {
        assert.ok(error instanceof InvalidRequestError, String(error));
        assert.ok(
          error.problems.some((problem) => problem.field === field),
          `${field}: ${error.message}`,
        );
        return true;
      },
    );
  }
});

test("all problems of the options are listed", () => {
  assert.throws(
    () => new TrtcCall({ sdkAppId: 0, secretKey: "", admin: "x y", region: "mars", timeout: 3999 }),
    (error) => {
      const fields = error.problems.map(({ field }) => field).sort();
      assert.deepEqual(fields, ["admin", "region", "sdkAppId", "secretKey", "timeout"]);
      return true;
    },
  );
  const options = { sdkAppId, secretKey, admin };
  for (const [more, field] of [
    [{}, "region"],
    [{ region: "china", baseUrl: "https://a.example" }, "region"],
    [{ baseUrl: "http://a.example" }, "baseUrl"],
    [{ region: "china", shortTimeout: 0 }, "shortTimeout"],
    [{ region: "china", userSigLifetime: 59 }, "userSigLifetime"],
    [{ region: "china", regoin: "x" }, "regoin"],
    [{ region: "china", cloud: { secretId: "a b", secretKey: "k" } }, "cloud.secretId"],
    [{ region: "china", cloud: { secretId: "a", secretKey: "k\n" } }, "cloud.secretKey"],
    [{ region: "china", cloud: { secretId: "a" } }, "cloud.secretKey"],
    [{ region: "china", cloud: { ...testCredential, region: "Mars" } }, "cloud.region"],
    [{ region: "china", cloud: { ...testCredential, host: "china" } }, "cloud.host"],
    [{ region: "china", cloud: { ...testCredential, token: "a b" } }, "cloud.token"],
    [{ region: "china", cloud: { ...testCredential, baseUrl: "http://a.example" } }, "cloud.baseUrl"],
    [{ region: "china", cloud: testCredential, ingestRoomIdCoding: "0" }, "ingestRoomIdCoding"],
  ]) {
    assert.throws(
      () => new TrtcCall({ ...options, ...more }),
      (error) => error.problems[0].field === field,
    );
  }
  assert.ok(new TrtcCall({ ...options, baseUrl: "http://a.example", plainHttp: true }));
  assert.ok(new TrtcCall({ ...options, region: "china", shortTimeout: 100 }));
  assert.ok(new TrtcCall({ ...options, region: "china", admin: "x y", allowAnyUserId: true }));
});

test("UserSig.sign checks what it is given", () => {
  const good = { sdkAppId, secretKey, userId: "jack", expire: 60 };
  for (const [bad, field] of [
    [{ sdkAppId: 1.5 }, "sdkAppId"],
    [{ sdkAppId: 2 ** 32 }, "sdkAppId"],
    [{ secretKey: undefined }, "secretKey"],
    [{ secretKey: "k\n" }, "secretKey"],
    [{ userId: undefined }, "userId"],
    [{ userId: "a b" }, "userId"],
    [{ expire: -1 }, "expire"],
    [{ expire: undefined }, "expire"],
    [{ now: Number.NaN }, "now"],
  ]) {
    assert.throws(
      () => UserSig.sign({ ...good, ...bad }),
      (error) => error instanceof InvalidRequestError && error.problems[0].field === field,
    );
  }
  assert.ok(UserSig.sign({ ...good, userId: "a b", allowAnyUserId: true }));
});

test("what JSON has no word for is a problem that names it", () => {
  const account = { sdkAppId, admin, userSig: "s", region: "seoul" };
  const call = { robot: "robot", callees: ["jack"], media: "audio" };
  for (const [bad, field] of [
    [{ userData: 1n }, "request"],
    [{ userData: "a\ud800" }, "userData"],
    [{ ringTimeout: new Date(0) }, "ringTimeout"],
    [{ ringTimeout: Number.POSITIVE_INFINITY }, "ringTimeout"],
    [{ callees: ["jack", undefined] }, "callees[1]"],
  ]) {
    assert.throws(
      () => build.startCallByRobot({ ...call, ...bad }, account),
      (error) => error instanceof InvalidRequestError && error.problems[0].field === field,
    );
  }
  assert.ok(build.startCallByRobot({ ...call, room: undefined, userData: () => "x" }, account));
});

test("large numbers of the service arrive with every digit", () => {
  const body = `{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"CallId":"c",
    "CallResult":[{"Callee_Account":9007199254740993,"ResultCode":0}]}}`;
  assert.equal(parse.startCallByRobot(200, body).callees[0].userId, "9007199254740993");
});

test("secrets do not print", async () => {
  const emulator = createEmulator({ sdkAppId, secretKey });
  const userSig = UserSig.sign({ sdkAppId, secretKey, userId: admin, expire: 60 });
  const output = [];
  const show = (value) => {
    output.push(inspect(value, { depth: 9, showHidden: true }), String(value), JSON.stringify(value) ?? "");
    if (value instanceof Error) output.push(value.stack, value.message);
  };
  const cloud = { secretId: "AKID", secretKey: "MARKED-CLOUD-KEY", token: "MARKED-TOKEN" };
  const options = { sdkAppId, secretKey, admin, region: "singapore", retryPolicy: { maxAttempts: 1 }, cloud };
  const call = { robot: "robot", callees: ["jack"], media: "video" };
  const failing = (error) => async () => {
    throw error;
  };
  const withUrl = (url) => new TypeError(`error sending request for url (${url})`);
  for (const fetch of [
    emulator.fetch,
    async (url) => failing(withUrl(url))(),
    async (url) => failing(Object.assign(withUrl(url), { cause: { code: url } }))(),
    async (url, init) => failing(Object.assign(new Error("x"), { request: new Request(url, init) }))(),
    async (url, init) => failing(new Error("x", { cause: { config: { url, ...init } } }))(),
    async (url) => failing(new AggregateError([new Error("y"), withUrl(url)], "z"))(),
    async (url) => failing(url)(),
    async (url) => new Response(null, { status: 302, headers: { location: url } }),
  ]) {
    const trtc = new TrtcCall({ ...options, fetch });
    show(trtc);
    const streamUrl = "https://example.com/a.mp3";
    for (const send of [
      () => trtc.startCall(call),
      () => trtc.getCallInfo("c-1"),
      () => trtc.startStreamIngest({ room: 1, user: "robot", streamUrl }),
      () => trtc.stopStreamIngest("task"),
    ]) {
      await send().then(show, show);
    }
  }
  show(build.startCallByRobot(call, { sdkAppId, admin, userSig, region: "china" }));
  const stream = { room: 1, user: "robot", userSig, privateMapKey: userSig, streamUrl: "https://a.example/" };
  show(build.startStreamIngest(stream, { sdkAppId, ...cloud }));
  show(build.startStreamIngest({ ...stream, userSig: 'MARKED"\\MARKED' }, { sdkAppId, ...cloud }));
  show(UserSig.inspect(userSig));
  for (const bad of [`${userSig.slice(0, -9)}`, `${userSig}=`]) {
    show(UserSig.verify(bad, { sdkAppId, secretKey, userId: admin }));
  }
  for (const make of [
    () => UserSig.sign({ sdkAppId, secretKey: `${secretKey}\n`, userId: "jack", expire: 1 }),
    () => PrivateMapKey.sign({ sdkAppId, secretKey, userId: "jack", expire: 1, room: 0, privileges: "all" }),
    () => new TrtcCall({ ...options, secretKey: `${secretKey} ` }),
    () => new TrtcCall({ ...options, cloud: { ...cloud, secretKey: "MARKED-CLOUD-KEY " } }),
    () => new TrtcCall({ ...options, cloud: { ...cloud, token: "MARKED TOKEN" } }),
    () => build.stopStreamIngest({ taskId: "t" }, { sdkAppId, ...cloud, secretKey: "MARKED\n" }),
    () => tc3Stages({ host: "h", action: "A", body: "MARKED", timestamp: 1, ...cloud, secretKey: "\nMARKED" }),
    () => IngestWebhook.verify({ body: "{}" }, { sdkAppId, key: "MARKED " }),
    () => build.endCall({ callId: "" }, { sdkAppId, admin, userSig, region: "china" }),
  ]) {
    assert.throws(make, (error) => show(error) ?? true);
  }
  const all = output.join("\n");
  assert.ok(all.length > 1000);
  assert.ok(!all.includes("MARKED"), "the secret key was printed");
  // Every UserSig begins so: the header of a zlib stream of `{"TLS.`
  assert.ok(!/eJ[A-Za-z0-9*_-]{60}/.test(all), "a UserSig was printed");
  assert.ok(!all.includes(userSig.slice(0, 40)), "a UserSig was printed");
});
