// Bun 1: rings who is asked for, and prints what becomes of the call.
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

Bun.serve({
  port: Number(PORT),
  hostname: "127.0.0.1",
  routes: {
    "/hook": { POST: (request) => webhooks(request) },
    "/ring/:user": {
      POST: async ({ params }) => {
        const { callId } = await trtc.startCall({ robot: "robot", callees: [params.user], media: "audio" });
        return Response.json({ callId });
      },
    },
  },
});
