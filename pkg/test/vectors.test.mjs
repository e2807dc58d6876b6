// The cases below tests/vectors, which Rust runs too. The README files there tell what the files are.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import {
  advise,
  build,
  createIngestWebhookHandler,
  IngestWebhook,
  PrivateMapKey,
  parse,
  TrtcCallError,
  tc3Stages,
  UserSig,
  UserSigError,
} from "trtc-call";

const vectors = new URL("../../tests/vectors/", import.meta.url);

/** The folders of one kind, of which there is at least one. */
function cases(kind) {
  const folder = new URL(`${kind}/`, vectors);
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, folder: new URL(`${name}/`, folder) }));
  assert.ok(found.length > 0, `no cases of ${kind}`);
  return found;
}

const has = (folder, file) => existsSync(new URL(file, folder));
const text = (folder, file) => readFileSync(new URL(file, folder), "utf8");
const json = (folder, file) => JSON.parse(text(folder, file));

/** What a token's JSON object says, as claims. */
function claimsOf(fields) {
  return {
    version: fields["TLS.ver"],
    identifier: fields["TLS.identifier"],
    sdkAppId: fields["TLS.sdkappid"],
    time: fields["TLS.time"],
    expire: fields["TLS.expire"],
    expiresAt: exact(BigInt(fields["TLS.time"]) + BigInt(fields["TLS.expire"])),
    userBuffer: fields["TLS.userbuf"] ?? null,
  };
}

const exact = (integer) =>
  integer > BigInt(Number.MAX_SAFE_INTEGER) ? String(integer) : Number(integer);

function checkTokens({ folder }, { sdkAppId, secretKey }, userId, time, expire, made) {
  const claims = claimsOf(json(folder, "fields.json"));
  // A token that lives for no time is read, and refused at once.
  const verdict = expire > 0 ? { valid: true, reason: null } : { valid: false, reason: "expired" };
  const tokens = Object.values(json(folder, "tokens.json")).map(({ token }) => token);
  assert.ok(tokens.length > 0);
  for (const token of [made, ...tokens]) {
    const { message, ...found } = UserSig.verify(token, { sdkAppId, secretKey, userId, now: time });
    assert.deepEqual(found, { ...verdict, claims });
    assert.deepEqual(UserSig.inspect(token), claims);
  }
}

describe("usersig", () => {
  for (const { name, folder } of cases("usersig")) {
    test(name, () => {
      const { identifier, time, ...input } = json(folder, "input.json");
      const userBuffer =
        input.userBuffer === undefined
          ? undefined
          : Buffer.from(text(folder, input.userBuffer).trim(), "hex");
      const options = { ...input, userId: identifier, now: time, allowAnyUserId: true };
      const made = UserSig.sign({ ...options, userBuffer });
      checkTokens({ folder }, input, identifier, time, input.expire, made);
    });
  }
});

describe("private_map_key", () => {
  for (const { name, folder } of cases("private_map_key")) {
    test(name, () => {
      const { account, time, privileges, ...input } = json(folder, "input.json");
      const made = PrivateMapKey.sign({
        ...input,
        privileges: privileges === "all" ? privileges : [privileges].flat().join(",").split(","),
        userId: account,
        now: time,
        allowAnyUserId: true,
      });
      checkTokens({ folder }, input, account, time, input.expire, made);
      const { grant } = PrivateMapKey.inspect(made);
      assert.equal(grant.account, account);
      assert.equal(grant.room, input.room);
      assert.equal(grant.sdkAppId, input.sdkAppId);
    });
  }
});

describe("usersig_refused", () => {
  for (const { name, folder } of cases("usersig_refused")) {
    test(name, () => {
      const { identifier, ...input } = json(folder, "input.json");
      const token = text(folder, "token.txt").replace(/\n$/, "");
      const expected = json(folder, "expected.json");
      const verdict = UserSig.verify(token, { ...input, userId: identifier });
      assert.equal(verdict.valid, false);
      assert.equal(verdict.reason, expected.reason);
      for (const words of expected.says ?? []) assert.ok(verdict.message.includes(words), verdict.message);
      if (expected.claims === null) {
        assert.equal(verdict.claims, null);
        assert.throws(
          () => UserSig.inspect(token),
          (error) => error instanceof UserSigError && error.code === expected.reason,
        );
      }
    });
  }
});

const kindOf = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** Requests to actions say which, by the kind of the room. */
const isAction = (name) => cases(kindOf(name)).some(({ folder }) => has(folder, "action.txt"));
const actions = Object.keys(build).filter(isAction);
const commands = Object.keys(build).filter((name) => !isAction(name));

for (const name of Object.keys(build)) {
  const check = actions.includes(name) ? checkAction : checkRequest;
  const kind = kindOf(name);
  describe(kind, () => {
    for (const { name: caseName, folder } of cases(kind)) {
      test(caseName, () => {
        if (has(folder, "input.json")) check(name, folder);
        else checkReply(name, folder);
      });
    }
  });
}

/** What sending it again does, where that is not harmless. */
const repeats = { startCallByRobot: "ringsAgain", startStreamIngest: "startsAgain" };

for (const [file, names] of Object.entries({ "commands.json": commands, "actions.json": actions })) {
  describe(`envelope/${file}`, () => {
    for (const { name: caseName, status = 200, reply, error, ...verdicts } of json(vectors, `envelope/${file}`)) {
      test(caseName, () => {
        for (const name of names) {
          checkRefused(name, status, reply, { ...error, ...verdicts[repeats[name] ?? "harmless"] });
        }
      });
    }
  });
}

function checkAction(name, folder) {
  const { time, ...access } = json(vectors, "cloud_access.json");
  const { tempo, ingestRoomIdCoding, ...input } = json(folder, "input.json");
  const account = { ...access, now: time, ...(ingestRoomIdCoding && { ingestRoomIdCoding }) };
  // JavaScript has numbers.
  const request = { ...input, tempo: tempo && Number(tempo) };
  if (has(folder, "problems.json")) {
    assert.throws(
      () => build[name](request, account),
      (error) => {
        const fields = error.problems.map(({ field }) => field);
        assert.deepEqual(fields.sort(), json(folder, "problems.json").sort());
        return true;
      },
    );
    return;
  }
  const action = text(folder, "action.txt").trim();
  const { method, url, headers, body } = build[name](request, account);
  assert.equal(method, "POST");
  assert.equal(url, "https://trtc.intl.tencentcloudapi.com/");
  assert.deepEqual(JSON.parse(body), json(folder, "body.json"));
  const { region, secretId, secretKey } = account;
  const host = new URL(url).host;
  const stages = tc3Stages({ host, action, region, timestamp: time, body, secretId, secretKey });
  assert.deepEqual(headers, {
    "content-type": "application/json",
    "x-tc-action": action,
    "x-tc-version": "2019-07-22",
    "x-tc-timestamp": String(time),
    "x-tc-region": region,
    authorization: stages.authorization,
  });
}

describe("tc3", () => {
  const credential = json(new URL("tc3/", vectors), "credential.json");
  for (const { name, folder } of cases("tc3")) {
    test(name, () => {
      const { signedBy, ...request } = json(folder, "request.json");
      const stages = tc3Stages({ ...credential, ...request, body: text(folder, "payload.txt") });
      for (const [stage, file] of [
        ["canonicalRequest", "canonical_request.txt"],
        ["stringToSign", "string_to_sign.txt"],
        ["signature", "signature.txt"],
        ["authorization", "authorization.txt"],
      ]) {
        assert.equal(stages[stage], text(folder, file).trimEnd(), stage);
      }
    });
  }
});

describe("ingest_webhook", () => {
  const receiver = json(new URL("ingest_webhook/", vectors), "receiver.json");
  for (const { name, folder } of cases("ingest_webhook")) {
    test(name, async () => {
      const headers = json(folder, "headers.json");
      const body = readFileSync(new URL("body.txt", folder));
      const expected = json(folder, "expected.json");
      const { Sign: sign, SdkAppId: sdkAppId } = headers;
      const verdict = IngestWebhook.verify({ sign, sdkAppId, body }, receiver);
      assert.equal(verdict.valid, expected.ok);
      assert.equal(verdict.reason, expected.code ?? null);
      if (expected.ok) assertHolds(verdict.delivery.event, expected.event);

      const told = [];
      const handler = createIngestWebhookHandler({
        ...receiver,
        onEvent: (event) => told.push(event),
        onRefused: ({ reason }) => told.push(reason),
      });
      const request = new Request("https://receiver.example", { method: "POST", headers, body });
      const response = await handler(request);
      assert.equal(response.status, expected.status ?? 200);
      assert.deepEqual(told, [expected.ok ? verdict.delivery.event : expected.code]);
    });
  }
});

function checkRequest(name, folder) {
  const account = json(vectors, "access.json");
  const input = json(folder, "input.json");
  if (has(folder, "problems.json")) {
    assert.throws(
      () => build[name](input, account),
      (error) => {
        const fields = error.problems.map(({ field }) => field);
        assert.deepEqual(fields, json(folder, "problems.json"));
        return true;
      },
    );
    return;
  }
  if (has(folder, "advice.json")) {
    const advice = advise(input).map(({ code, field, vendor, shown }) => ({ code, field, vendor, shown }));
    assert.deepEqual(advice, json(folder, "advice.json"));
  }
  const { method, url, headers, body } = build[name](input, account);
  assert.equal(method, "POST");
  assert.equal(url, text(folder, "url.txt").trim());
  assert.deepEqual({ ...headers }, { "content-type": "application/json" });
  assert.deepEqual(JSON.parse(body), json(folder, "body.json"));
}

function checkReply(name, folder) {
  const status = has(folder, "status.txt") ? Number(text(folder, "status.txt")) : 200;
  const { ok, requestId, response, error: expected } = json(folder, "expected.json");
  for (const body of [readFileSync(new URL("reply.txt", folder)), text(folder, "reply.txt")]) {
    if (ok) {
      const found = parse[name](status, body);
      assert.equal(found.requestId, requestId);
      assertHolds(found, response);
    } else {
      checkRefused(name, status, body, expected);
    }
  }
}

function checkRefused(name, status, body, { cloudCode, ...expected }) {
  assert.throws(
    () => parse[name](status, body),
    (error) => {
      assert.ok(error instanceof TrtcCallError);
      assertHolds(error, cloudCode === undefined ? expected : { ...expected, errorCode: cloudCode });
      return true;
    },
  );
}

/** Every expected property is there; integers beyond 2^53, which JSON.parse rounds, are compared as text. */
function assertHolds(found, expected) {
  if (expected === null || typeof expected !== "object") {
    if (typeof expected === "number" && !Number.isSafeInteger(expected)) assert.equal(Number(found), expected);
    else assert.equal(found, expected);
    return;
  }
  if (Array.isArray(expected)) assert.equal(found.length, expected.length);
  for (const [key, value] of Object.entries(expected)) assertHolds(found[key], value);
}
