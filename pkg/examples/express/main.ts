// Express 5, and 4: rings who is asked for, and prints what becomes of the call.
import express from "express";
import { createWebhookHandler, TrtcCall, TrtcCallError } from "trtc-call";
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

const app = express();
// Before any parser: the webhook's exact bytes are needed.
app.post("/hook", toNodeHandler(webhooks));
app.use(express.json());
app.post("/ring/:user", async (request, response) => {
  try {
    const { callId } = await trtc.startCall({ robot: "robot", callees: [request.params.user], media: "audio" });
    response.json({ callId });
  } catch (error) {
    const { code, mayHaveRung } = error as TrtcCallError;
    response.status(502).json({ code, mayHaveRung });
  }
});
app.listen(Number(PORT), "127.0.0.1");
