// Node's own server: rings who is asked for, and prints what becomes of the call.
import { createServer } from "node:http";
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
const webhooks = toNodeHandler(
  createWebhookHandler({
    sdkAppId,
    token: TRTC_WEBHOOK_TOKEN,
    onEnd: ({ callId, record }) => console.log(callId, record.result),
  }),
);
const ring = toNodeHandler(async (request) => {
  const user = new URL(request.url).pathname.slice("/ring/".length);
  const { callId } = await trtc.startCall({ robot: "robot", callees: [user], media: "audio" });
  return Response.json({ callId });
});

createServer((request, response) => {
  if (request.url?.startsWith("/hook")) return webhooks(request, response);
  if (request.method === "POST") return ring(request, response);
  response.writeHead(405).end();
}).listen(Number(PORT), "127.0.0.1");
