// A Cloudflare Worker with a Durable Object for each call: its webhooks come together in one place, in any order.
import { DurableObject } from "cloudflare:workers";
import { CallTimeline, createWebhookHandler, TrtcCall, type WebhookDelivery } from "trtc-call";

interface Env {
  CALLS: DurableObjectNamespace<Call>;
  TRTC_SDKAPPID: string;
  TRTC_SECRET_KEY: string;
  TRTC_WEBHOOK_TOKEN: string;
  TRTC_BASE_URL?: string;
}

export class Call extends DurableObject<Env> {
  async add(delivery: string) {
    await this.ctx.storage.put(crypto.randomUUID(), delivery);
  }

  async state(callId: string) {
    const timeline = new CallTimeline(callId);
    const deliveries = await this.ctx.storage.list<string>();
    for (const delivery of deliveries.values()) timeline.add(JSON.parse(delivery) as WebhookDelivery);
    return JSON.stringify(timeline.state);
  }
}

export default {
  async fetch(request, env, context) {
    const [, what, name = ""] = new URL(request.url).pathname.split("/");
    const { TRTC_SECRET_KEY: secretKey, TRTC_WEBHOOK_TOKEN: token, CALLS } = env;
    const sdkAppId = Number(env.TRTC_SDKAPPID);
    const keep = ({ callId }: { callId: string }, delivery: WebhookDelivery) => CALLS.getByName(callId).add(JSON.stringify(delivery));
    const webhooks = createWebhookHandler({ sdkAppId, token, onStart: keep, onMember: keep, onEnd: keep });
    if (what === "hook") return webhooks(request, context);
    if (what === "calls") return new Response(await CALLS.getByName(name).state(name));
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const baseUrl = env.TRTC_BASE_URL ?? "https://adminapisgp.im.qcloud.com";
    const trtc = new TrtcCall({ sdkAppId, secretKey, admin: "administrator", baseUrl });
    return Response.json(await trtc.startCall({ robot: "robot", callees: [name], media: "audio" }));
  },
} satisfies ExportedHandler<Env>;
