// What the frameworks say where their JSON parser has eaten the body, and that the line which is told mends it.
import { once } from "node:events";

/** Gives how many checks passed. `require` finds the frameworks. */
export async function eaten(require) {
  const { createWebhookHandler, Webhook } = require("trtc-call");
  const { toNodeHandler } = require("trtc-call/node");
  const receiver = { sdkAppId: 1400000001, token: "any token" };
  const body = { CallbackCommand: "Call.CallbackAfterEndCall", CallRecord: { CallId: "c-1" }, EventTime: 1 };
  const handler = () => toNodeHandler(createWebhookHandler(receiver));
  let passed = 0;

  /** Sends a delivery: the status of the answer, and its text with what was told elsewhere. */
  const check = async (url, status, told = "", words = "") => {
    const answer = await fetch(Webhook.signForTest({ ...receiver, url: `${url}/hook`, body }));
    const text = `${await answer.text()} ${told}`;
    if (answer.status !== status || !text.includes(words)) throw new Error(`${answer.status}: ${text}`);
    passed += 1;
  };

  for (const name of ["express", "express-4"]) {
    const express = require(name);
    const hint = "app.use(express.json({ verify: (req, res, bytes) => { req.rawBody = bytes; } }));";
    const keeping = express.json({ verify: (req, _res, bytes) => (req.rawBody = bytes) });
    const told = [];
    const quiet = (error, _request, response, _next) => {
      told.push(error.message);
      response.status(500).end();
    };
    for (const [parser, status, words] of [
      [express.json(), 500, hint],
      [keeping, 200, ""],
      [express.raw({ type: "*/*" }), 200, ""],
    ]) {
      const app = express().use(parser).post("/hook", handler()).use(quiet);
      await listening(app, async (url) => {
        await check(url, status);
        if (status === 500 && !told.join().includes(words)) throw new Error(`it was told: ${told}`);
      });
    }
    // A web handler in the adapter's place.
    const unwrapped = express().post("/hook", createWebhookHandler(receiver)).use(quiet);
    await listening(unwrapped, (url) => check(url, 500));
    if (!told.at(-1).includes("toNodeHandler")) throw new Error(`it was told: ${told}`);
  }

  const fastify = require("fastify");
  const line = 'fastify.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => done(null, body));';
  for (const [mend, status, words] of [
    [() => {}, 500, "addContentTypeParser"],
    [new Function("fastify", line), 200, ""],
  ]) {
    const app = fastify();
    mend(app);
    app.post("/hook", handler());
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    await check(url, status, "", words).finally(() => app.close());
  }
  return passed;
}

async function listening(app, use) {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
