// AWS Lambda behind a function URL, as one file: esbuild main.ts --bundle --platform=node --outfile=index.js
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from "aws-lambda";
import { createWebhookHandler, TrtcCall } from "trtc-call";

const { TRTC_SECRET_KEY, TRTC_WEBHOOK_TOKEN, TRTC_BASE_URL } = process.env;
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

export async function handler(event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> {
  const { method, path } = event.requestContext.http;
  if (path === "/hook") {
    const body = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
    const url = `https://${event.requestContext.domainName}${path}?${event.rawQueryString}`;
    const answer = await webhooks(new Request(url, method === "POST" ? { method, body } : { method }));
    return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  }
  if (method !== "POST") return { statusCode: 405 };
  const user = path.slice("/ring/".length);
  const { callId } = await trtc.startCall({ robot: "robot", callees: [user], media: "audio" });
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify({ callId }) };
}
