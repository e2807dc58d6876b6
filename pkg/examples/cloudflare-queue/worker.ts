// A Cloudflare Worker that rings for the messages of a queue. A queue delivers at least once: whatever comes again rings
// once, for its order is the key. The Durable Object is the ledger, and keeps the application's limit.
import { DurableObject } from "cloudflare:workers";
import { durableObjectStore, type StartCall, TrtcCall } from "trtc-call";

interface Env {
  RINGS: DurableObjectNamespace<Rings>;
  REMINDERS: Queue<Reminder>;
  TRTC_SDKAPPID: string;
  TRTC_SECRET_KEY: string;
  TRTC_BASE_URL?: string;
}

interface Reminder {
  order: string;
  user: string;
}

export class Rings extends DurableObject<Env> {
  readonly #ledger = durableObjectStore(this.ctx.storage);

  async ringOnce(key: string, call: StartCall) {
    const { TRTC_SECRET_KEY: secretKey, TRTC_BASE_URL: baseUrl = "https://adminapisgp.im.qcloud.com" } = this.env;
    const trtc = new TrtcCall({ sdkAppId: Number(this.env.TRTC_SDKAPPID), secretKey, admin: "administrator", baseUrl });
    const { verdict, repeated, ring } = await trtc.ringOnce(key, call, { ledger: this.#ledger });
    return { verdict, repeated, callId: ring.callId };
  }
}

export default {
  /** `POST /orders/4711/reminders/jack` puts a message into the queue. */
  async fetch(request, env) {
    const [, , order = "", , user = ""] = new URL(request.url).pathname.split("/");
    if (request.method !== "POST") return new Response(null, { status: 405 });
    await env.REMINDERS.send({ order, user });
    return new Response(null, { status: 202 });
  },

  async queue(batch, env) {
    // One object for each application.
    const rings = env.RINGS.getByName(env.TRTC_SDKAPPID);
    for (const message of batch.messages) {
      const { order, user } = message.body;
      const call: StartCall = { robot: "robot", callees: [user], media: "audio" };
      const { verdict, repeated, callId } = await rings.ringOnce(`order-${order}:reminder`, call);
      console.log(JSON.stringify({ order, attempt: message.attempts, verdict, repeated, callId }));
      // A Worker may end here, before the queue is told: then the message comes again, and is told what is known.
      if (verdict === "in_progress" || verdict === "not_sent") message.retry();
      else message.ack();
    }
  },
} satisfies ExportedHandler<Env, Reminder>;
