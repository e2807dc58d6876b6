// Deno 2: rings who is asked for, and prints what becomes of the call.
import { createWebhookHandler, TrtcCall } from "trtc-call";

const sdkAppId = Number(Deno.env.get("TRTC_SDKAPPID"));
const trtc = new TrtcCall({
  sdkAppId,
  secretKey: Deno.env.get("TRTC_SECRET_KEY"),
  admin: "administrator",
  baseUrl: Deno.env.get("TRTC_BASE_URL") ?? "https://adminapisgp.im.qcloud.com",
});
const webhooks = createWebhookHandler({
  sdkAppId,
  token: Deno.env.get("TRTC_WEBHOOK_TOKEN"),
  onEnd: ({ callId, record }) => console.log(callId, record.result),
});

Deno.serve({ port: Number(Deno.env.get("PORT") ?? "3000"), hostname: "127.0.0.1", onListen() {} }, async (request) => {
  const [, what, user = ""] = new URL(request.url).pathname.split("/");
  if (what === "hook") return webhooks(request);
  if (what !== "ring" || request.method !== "POST") return new Response(null, { status: 404 });
  const { callId } = await trtc.startCall({ robot: "robot", callees: [user], media: "audio" });
  return Response.json({ callId });
});
