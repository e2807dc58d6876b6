// Many tenants in one server: one client for each application, since the vendor limits each application, and so does
// each client. Rings for a tenant (`POST /ring/TENANT/USER`), and takes its webhooks (`POST /hook/TENANT`).
import { createServer } from "node:http";
import { createWebhookHandler, TrtcCall, type WebhookHandler } from "trtc-call";
import { toNodeHandler } from "trtc-call/node";

interface Tenant {
  sdkAppId: number;
  secretKey: string;
  token: string;
  baseUrl?: string;
}
const tenants: Record<string, Tenant> = JSON.parse(process.env.TENANTS ?? "{}");
const clients = new Map<number, TrtcCall>();
const handlers = new Map<string, WebhookHandler>();

/** Two tenants of one application share its client, and so its limit. */
function clientOf({ sdkAppId, secretKey, baseUrl = "https://adminapisgp.im.qcloud.com" }: Tenant) {
  const known = clients.get(sdkAppId) ?? new TrtcCall({ sdkAppId, secretKey, admin: "administrator", baseUrl });
  clients.set(sdkAppId, known);
  return known;
}

for (const [name, { sdkAppId, token }] of Object.entries(tenants)) {
  const onEnd: Parameters<typeof createWebhookHandler>[0]["onEnd"] = ({ callId, record }) => console.log(callId, record.result, name);
  handlers.set(name, createWebhookHandler({ sdkAppId, token, onEnd }));
}

const serve = toNodeHandler(async (request) => {
  const [, what, name = "", user = ""] = new URL(request.url).pathname.split("/");
  const [tenant, webhooks] = [tenants[name], handlers.get(name)];
  if (!tenant || !webhooks || request.method !== "POST") return new Response(null, { status: 404 });
  if (what === "hook") return webhooks(request);
  const { callId } = await clientOf(tenant).startCall({ robot: "robot", callees: [user], media: "audio" });
  return Response.json({ callId });
});
createServer(serve).listen(Number(process.env.PORT ?? "3000"), "127.0.0.1");
