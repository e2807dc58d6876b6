// Hono 4, here on Node: rings who is asked for, and prints what becomes of the call.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createWebhookHandler, TrtcCall } from "trtc-call";

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

const app = new Hono();
app.post("/hook", (context) => webhooks(context.req.raw));
app.post("/ring/:user", async (context) => {
  const { callId } = await trtc.startCall({ robot: "robot", callees: [context.req.param("user")], media: "audio" });
  return context.json({ callId });
});
serve({ fetch: app.fetch, port: Number(PORT), hostname: "127.0.0.1" });
