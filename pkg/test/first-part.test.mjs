// The core's first part does its work alone, as it does for who rings phones and nothing else.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
// Two copies of the glue: the package attaches its own.
import { build, parse, UserSig } from "trtc-call";
import * as glue from "../wasm/trtc_call_wasm.js";

const main = readFileSync(new URL("../wasm/main.wasm", import.meta.url));
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(main), glue.imports());
glue.attach(exports);

const vectors = new URL("../../tests/vectors/", import.meta.url);
const commands = {
  startCallByRobot: ["start_call_by_robot", glue.CallEngineCommand.StartCallByRobot],
  getCallInfo: ["get_call_info", glue.CallEngineCommand.GetCallInfo],
  endCall: ["end_call", glue.CallEngineCommand.EndCall],
};
const options = { sdkAppId: 1400000000, secretKey: "5bd2850fff3ecb11", userId: "jack", expire: 60, now: 1700000000 };
const access = { sdkAppId: options.sdkAppId, admin: "administrator", region: "seoul" };

/** What a function gives, or the message of what it throws. */
function outcome(run) {
  try {
    return run();
  } catch (error) {
    return error.describe ? JSON.parse(error.describe()).message : error.message;
  }
}

test("it is at most 180 KB, 64 KB compressed", () => {
  assert.ok(main.length <= 180_000, `${main.length} bytes`);
  const compressed = brotliCompressSync(main).length;
  assert.ok(compressed <= 64_000, `${compressed} bytes compressed`);
});

test("it signs as the whole does", () => {
  const signer = new glue.Signer(options.sdkAppId, options.secretKey);
  for (const userId of ["jack", "j j", "j".repeat(33), ""]) {
    assert.deepEqual(
      outcome(() => signer.sign(userId, options.expire, options.now, false)),
      outcome(() => UserSig.sign({ ...options, userId })),
    );
  }
  assert.equal(
    outcome(() => new glue.Signer(0, "")),
    outcome(() => UserSig.sign({ ...options, sdkAppId: 0, secretKey: "" })),
  );
});

test("it builds as the whole does", () => {
  const account = new glue.Account(JSON.stringify(access));
  account.setUserSig("token");
  const offlinePush = { title: "t".repeat(300), android: { huaweiImportance: "x" }, other: 1 };
  for (const [name, request] of [
    ["startCallByRobot", { robot: "robot", callees: ["jack"], media: "video", room: 5, userData: "\n\"" }],
    ["startCallByRobot", { robot: 1, callees: ["a b"], media: "x", room: "ä", ringTimeout: 1, more: 1 }],
    ["startCallByRobot", { robot: "robot", callees: ["jack"], media: "audio", offlinePush }],
    ["getCallInfo", { callId: "call" }],
    ["getCallInfo", {}],
    ["endCall", { callId: " " }],
  ]) {
    const [, command] = commands[name];
    const whole = outcome(() => build[name](request, { ...access, userSig: "token", random: 7 }));
    const alone = outcome(() => glue.buildCallEngine(account, command, 7, JSON.stringify(request)));
    if (typeof whole === "string") assert.equal(alone, whole);
    else assert.deepEqual(alone.split("\n").slice(0, 3), [whole.method, whole.url, whole.body]);
  }
  assert.equal(
    outcome(() => new glue.Account("{}")),
    outcome(() => build.endCall({ callId: "call" }, { userSig: "token" })),
  );
});

for (const [name, [spelling, command]] of Object.entries(commands)) {
  describe(`it reads replies to ${spelling} as the whole does`, () => {
    const folder = new URL(`${spelling}/`, vectors);
    const cases = readdirSync(folder).map((name) => new URL(`${name}/`, folder));
    const replies = cases.filter((folder) => existsSync(new URL("reply.txt", folder)));
    assert.ok(replies.length > 0);
    for (const reply of replies) {
      test(reply.pathname.split("/").at(-2), () => {
        const status = Number(readFileSync(new URL("status.txt", reply), "utf8"));
        const body = readFileSync(new URL("reply.txt", reply));
        const whole = outcome(() => parse[name](status, body));
        const alone = outcome(() => JSON.parse(glue.parseCallEngine(command, status, body)));
        assert.deepEqual(alone, whole);
      });
    }
  });
}
