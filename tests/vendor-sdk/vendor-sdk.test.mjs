// The vendor's own SDK against the emulator: a client that nobody here wrote finds the service as it knows it.
// `TRTC_CALL` names the command-line program; `cargo xtask test` sets it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Agent } from "node:http";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { trtc } from "tencentcloud-sdk-nodejs";
import { startEmulator } from "../../pkg/test-projects/emulator-process.mjs";

const sdkAppId = 1400000001;
const secretKey = "the key of the vendor's SDK's tests";
// The emulator's test credential.
const secretId = "AKIDEMULATOR";
const cloudSecretKey = "key-that-opens-nothing-but-the-emulator";

let emulator;
before(async () => {
  emulator = await startEmulator({ sdkAppId, secretKey });
});
after(() => emulator.stop());

/** The SDK as its documentation makes it, but for where the host is found and that it speaks no TLS. */
function client(credential = { secretId, secretKey: cloudSecretKey }) {
  const { port } = new URL(emulator.baseUrl);
  const lookup = (_host, options, found) =>
    options.all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4);
  return new trtc.v20190722.Client({
    credential,
    region: "ap-singapore",
    profile: {
      httpProfile: {
        endpoint: `trtc.tencentcloudapi.com:${port}`,
        protocol: "http://",
        agent: new Agent({ lookup }),
      },
    },
  });
}

/** A UserSig by the vendor's words: https://trtc.io/document/34385. */
function userSig(user) {
  const time = Math.floor(Date.now() / 1000);
  const expire = 86400;
  const text = `TLS.identifier:${user}\nTLS.sdkappid:${sdkAppId}\nTLS.time:${time}\nTLS.expire:${expire}\n`;
  const claims = {
    "TLS.ver": "2.0",
    "TLS.identifier": user,
    "TLS.sdkappid": sdkAppId,
    "TLS.expire": expire,
    "TLS.time": time,
    "TLS.sig": createHmac("sha256", secretKey).update(text).digest("base64"),
  };
  const token = deflateSync(JSON.stringify(claims)).toString("base64");
  return token.replace(/\+/g, "*").replace(/\//g, "-").replace(/=/g, "_");
}

/** Rings a user who answers at once and stays. */
async function ring(RoomId, RoomIdType) {
  const query = new URLSearchParams({
    sdkappid: sdkAppId,
    identifier: "administrator",
    usersig: userSig("administrator"),
    random: 7,
    contenttype: "json",
  });
  const url = `${emulator.baseUrl}/v4/call_engine_http_srv/start_call_by_robot?${query}`;
  const body = JSON.stringify({
    Robot_Account: "robot",
    CalleeList_Account: ["answer-0"],
    Timeout: 30000,
    CallInfo: { MediaType: "Audio", RoomId, RoomIdType },
  });
  const reply = await (await fetch(url, { method: "POST", body })).json();
  assert.equal(reply.ErrorCode, 0, reply.ErrorInfo);
}

async function rooms() {
  const response = await fetch(`${emulator.baseUrl}/emulator/rooms`);
  const rooms = (await response.json()).map(({ id, users }) => [id, users.map(({ user }) => user)]);
  return Object.fromEntries(rooms);
}

const ingest = (fields) => ({
  SdkAppId: sdkAppId,
  UserId: "robot",
  UserSig: userSig("robot"),
  StreamUrl: "https://media.example/live.flv",
  ...fields,
});

test("it starts, describes, changes and stops an ingest in a call's room", async () => {
  await ring("lobby", 2);
  const sdk = client();
  const { TaskId, RequestId } = await sdk.StartStreamIngest(
    ingest({ RoomId: "lobby", RoomIdType: 1, Volume: 80, Tempo: 1.5, IdleTimeout: 600 }),
  );
  assert.match(TaskId, /^[0-9a-f]{32}$/);
  assert.match(RequestId, /^[0-9a-f-]{36}$/);
  await emulator.advance(200);
  assert.deepEqual((await rooms()).lobby, ["answer-0", "robot"]);

  const task = { SdkAppId: sdkAppId, TaskId };
  assert.equal((await sdk.DescribeStreamIngest(task)).Status, "InProgress");
  const change = { ...task, IsPause: true, Volume: 20, Tempo: 2 };
  assert.equal((await sdk.UpdateStreamIngest(change)).Status, "InProgress");
  await sdk.StopStreamIngest(task);
  assert.equal((await sdk.DescribeStreamIngest(task)).Status, "NotExist");
  assert.deepEqual((await rooms()).lobby, ["answer-0"]);
  await assert.rejects(sdk.StopStreamIngest(task), { code: "FailedOperation.TaskNotExist" });
});

test("it takes users out of rooms, and dismisses them", async () => {
  const sdk = client();
  await ring("4001", 1);
  await sdk.StartStreamIngest(ingest({ RoomId: "4001", RoomIdType: 0 }));
  await emulator.advance(200);
  assert.deepEqual((await rooms())["4001"], ["answer-0", "robot"]);
  await sdk.RemoveUser({ SdkAppId: sdkAppId, RoomId: 4001, UserIds: ["robot"] });
  assert.deepEqual((await rooms())["4001"], ["answer-0"]);
  await sdk.DismissRoom({ SdkAppId: sdkAppId, RoomId: 4001 });
  assert.equal((await rooms())["4001"], undefined);

  await ring("hall", 2);
  await sdk.StartStreamIngest(ingest({ RoomId: "hall", RoomIdType: 1 }));
  await emulator.advance(200);
  const hall = { SdkAppId: sdkAppId, RoomId: "hall" };
  await sdk.RemoveUserByStrRoomId({ ...hall, UserIds: ["answer-0"] });
  assert.deepEqual((await rooms()).hall, ["robot"]);
  await sdk.DismissRoomByStrRoomId(hall);
  assert.equal((await rooms()).hall, undefined);
  await assert.rejects(sdk.DismissRoomByStrRoomId(hall), {
    code: "FailedOperation.RoomNotExist",
  });
});

test("what is wrong is told in the service's codes", async () => {
  const sdk = client();
  const start = (fields) => sdk.StartStreamIngest(ingest({ RoomId: "x", RoomIdType: 1, ...fields }));
  for (const [fields, code] of [
    [{ UserSig: userSig("jack") }, "InvalidParameter.UserSig"],
    [{ RoomId: "" }, "InvalidParameter.RoomId"],
    [{ RoomIdType: undefined }, "MissingParameter"],
    [{ Volume: 201 }, "InvalidParameter.Volume"],
    [{ Nonsense: 1 }, "UnknownParameter"],
    [{ SdkAppId: 1400000002 }, "InvalidParameter.SdkAppId"],
  ]) {
    await assert.rejects(start(fields), { code });
  }
  await assert.rejects(sdk.request("StartStreamIngests", {}), { code: "InvalidAction" });
});

test("a wrong key and an unknown one are refused", async () => {
  const describe = (credential) =>
    client(credential).DescribeStreamIngest({ SdkAppId: sdkAppId, TaskId: "t" });
  await assert.rejects(describe({ secretId, secretKey: "another key" }), {
    code: "AuthFailure.SignatureFailure",
  });
  await assert.rejects(describe({ secretId: "AKIDOTHER", secretKey: cloudSecretKey }), {
    code: "AuthFailure.SecretIdNotFound",
  });
  await assert.rejects(describe({ secretId, secretKey: cloudSecretKey, token: "stray" }), {
    code: "AuthFailure.TokenFailure",
  });
});

test("an injected fault reaches it", async () => {
  const code = "ResourceInsufficient.RequestRejection";
  await emulator.inject({ fault: "cloud_error", code, command: "DescribeStreamIngest" });
  const task = { SdkAppId: sdkAppId, TaskId: "t" };
  await assert.rejects(client().DescribeStreamIngest(task), { code });
  assert.equal((await client().DescribeStreamIngest(task)).Status, "NotExist");
});

// Last, for the emulator's clock does not go back.
test("a clock that is more than five minutes wrong is refused", async () => {
  const task = { SdkAppId: sdkAppId, TaskId: "t" };
  assert.equal((await client().DescribeStreamIngest(task)).Status, "NotExist");
  await emulator.advance(301_000);
  await assert.rejects(client().DescribeStreamIngest(task), { code: "AuthFailure.SignatureExpire" });
});
