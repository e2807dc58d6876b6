// Fastify 5: rings who is asked for, and prints what becomes of the call.
import Fastify from "fastify";
import { createWebhookHandler, TrtcCall } from "trtc-call";
import { toNodeHandler } from "trtc-call/node";

const { TRTC_SECRET_KEY, TRTC_WEBHOOK_TOKEN, TRTC_BASE_URL, PORT = "3000" } = process.env;
const sdkAppId = Number(process.env.TRTC_SDKAPPID);
const trtc = new TrtcCall({
  sdkAppId,
  secretKey: TRTC_SECRET_KEY,
  admin: "administrator",
  baseUrl: TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com",
});
const webhooks = createWebhookHandler({
  sdkAppId,
  token: TRTC_WEBHOOK_TOKEN,
  onEnd: ({ callId, record }) => console.log(callId, record.result),
});

const fastify = Fastify();
// A scope of its own, in which bodies stay bytes.
fastify.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  scope.post("/hook", toNodeHandler(webhooks));
});
fastify.post<{ Params: { user: string } }>("/ring/:user", async ({ params }) => {
  const { callId } = await trtc.startCall({ robot: "robot", callees: [params.user], media: "audio" });
  return { callId };
});
await fastify.listen({ port: Number(PORT), host: "127.0.0.1" });
