// A route of Next.js that takes webhooks. `next build` runs this too: the variables must be set there.
import { createWebhookHandler } from "trtc-call";

export const POST = createWebhookHandler({
  sdkAppId: Number(process.env.TRTC_SDKAPPID),
  token: process.env.TRTC_WEBHOOK_TOKEN,
  onEnd: ({ callId, record }) => console.log(callId, record.result),
});
