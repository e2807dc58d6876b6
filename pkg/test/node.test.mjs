// `trtc-call/node`: handlers of web requests behind Node's own server. The frameworks are among the examples.
import assert from "node:assert/strict";
import { createServer, request as send } from "node:http";
import { once } from "node:events";
import { after, test } from "node:test";
import { createWebhookHandler, Webhook } from "trtc-call";
import { toNodeHandler } from "trtc-call/node";

const sdkAppId = 1400000001;
const token = "any token";
const servers = [];
after(() => servers.forEach((server) => server.close()));

/** A server, and what its handler was told. */
async function serve(before = async () => {}) {
  const told = [];
  const note = (event) => void told.push(event);
  const handler = toNodeHandler(
    createWebhookHandler({ sdkAppId, token, onMember: note, onUnknown: note, onRefused: note }),
  );
  const server = createServer(async (request, response) => {
    await before(request);
    await handler(request, response);
  });
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}/hook`, told };
}

const body = {
  CallbackCommand: "Call.CallbackAfterMemberChanged",
  CallId: "call-1",
  UserList: [],
  ChangedUserList: [{ User_Account: "jack", ActionType: "Answer" }],
  EventTime: 1000,
};
const signed = (url, more) => Webhook.signForTest({ sdkAppId, token, url, body, ...more });
const read = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

test("a delivery is read and acknowledged", async () => {
  const { url, told } = await serve();
  const answer = await fetch(signed(url));
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { ActionStatus: "OK", ErrorInfo: "", ErrorCode: 0 });
  assert.deepEqual(told.map(({ callId }) => callId), ["call-1"]);
});

for (const [what, keep] of [
  ["a raw parser left in body", (request, bytes) => (request.body = bytes)],
  ["a text parser left in body", (request, bytes) => (request.body = bytes.toString())],
  ["stand in rawBody beside a parsed body", (request, bytes) => Object.assign(request, { rawBody: bytes, body: {} })],
]) {
  test(`the bytes that ${what} are taken`, async () => {
    const { url, told } = await serve(async (request) => keep(request, await read(request)));
    assert.equal((await fetch(signed(url))).status, 200);
    assert.equal(told.length, 1);
  });
}

test("where a parser has eaten the body, the line to add is told, and nothing hangs", async (t) => {
  const printed = [];
  t.mock.method(console, "error", (error) => printed.push(error.message));
  const { url, told } = await serve(async (request) => {
    request.body = JSON.parse(await read(request));
  });
  assert.equal((await fetch(signed(url))).status, 500);
  assert.equal(told.length, 0);
  assert.equal(printed.length, 1);
  assert.match(printed[0], /a parser has read.*express\.json\(\{ verify: .*rawBody: true/);
});

test("the error goes to `next` where there is one, and nowhere else", async () => {
  const handler = toNodeHandler(createWebhookHandler({ sdkAppId, token }));
  const { pathname, search } = new URL(signed("http://a.example/hook").url);
  const request = { method: "POST", url: pathname + search, headers: {}, readableDidRead: true, body: {} };
  const errors = [];
  await handler(request, {}, (error) => errors.push(error));
  assert.match(String(errors), /exact bytes are gone/);
});

test("what is forged is refused with its body unread, and the connection goes on", async () => {
  const { url, told } = await serve();
  const forged = signed(url, { token: "another token" });
  assert.equal((await fetch(forged)).status, 401);
  assert.equal((await fetch(signed(url))).status, 200);
  assert.deepEqual(told.map(({ reason, callId }) => reason ?? callId), ["wrong_signature", "call-1"]);
});

test("a body that is too large is refused, and its connection closed", async () => {
  const { url, told } = await serve();
  const large = signed(url, { body: JSON.stringify({ ...body, Large: "x".repeat(2 ** 20) }), command: body.CallbackCommand });
  const sent = send(large.url, { method: "POST", headers: { "content-length": 2 ** 21 } });
  sent.on("error", () => {});
  sent.write("x".repeat(2 ** 20));
  const [answer] = await once(sent, "response");
  assert.equal(answer.statusCode, 413);
  assert.equal(answer.headers.connection, "close");
  assert.deepEqual(told.map(({ reason }) => reason), ["body_too_large"]);
  sent.destroy();
});

test("whatever stands in Host, and in the URL, an answer comes", async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  for (const [path, host] of [["//a/?x=1", "a b"], ["*", ""], ["/hook?%", "[::"], ["http://other.example/hook", "x"]]) {
    const sent = send({ port, path, method: "POST", headers: { host } });
    sent.end("{}");
    const [answer] = await once(sent, "response");
    assert.ok([400, 401].includes(answer.statusCode), `${path}: ${answer.statusCode}`);
    answer.resume();
  }
});

test("a method that no web request has, and a target with credentials, are answered", async () => {
  const { url } = await serve();
  const { port } = new URL(url);
  const status = async (method, path) => {
    const [answer] = await once(send({ port, method, path, host: "127.0.0.1" }).end(), "response");
    answer.resume();
    return answer.statusCode;
  };
  assert.equal(await status("TRACE", "/hook"), 405);
  assert.equal(await status("POST", "http://user:password@a.example/hook"), 401);
});
