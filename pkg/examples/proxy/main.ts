// Through a proxy, by undici's dispatcher. A company's own certificate authority is for Node: NODE_EXTRA_CA_CERTS=FILE.
// Add no RetryAgent and no retry interceptor: a call that is sent again rings again.
import { fetch, ProxyAgent } from "undici";
import { TrtcCall } from "trtc-call";

const dispatcher = new ProxyAgent(process.env.HTTPS_PROXY ?? "http://127.0.0.1:3128");

export const trtc = new TrtcCall({
  sdkAppId: Number(process.env.TRTC_SDKAPPID),
  secretKey: process.env.TRTC_SECRET_KEY,
  admin: "administrator",
  baseUrl: process.env.TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com",
  fetch: ((url: string, init: object) => fetch(url, { ...init, dispatcher })) as unknown as typeof globalThis.fetch,
});
