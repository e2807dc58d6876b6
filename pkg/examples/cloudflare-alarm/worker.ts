// A Cloudflare Worker that takes many rings at once, and rings them one after the other within the service's limit. They
// wait in a Durable Object and are rung by its alarm, each once, whatever becomes of Worker and object meanwhile.
import { DurableObject } from "cloudflare:workers";
import { type StartCall, TrtcCall } from "trtc-call";

interface Env {
  RINGS: DurableObjectNamespace<Rings>;
  TRTC_SDKAPPID: string;
  TRTC_SECRET_KEY: string;
  TRTC_BASE_URL?: string;
}

export class Rings extends DurableObject<Env> {
  readonly #queue = client(this.env).ringQueue(this.ctx.storage);

  // Methods: what an object has as a field is not reached from outside.
  enqueue(key: string, call: StartCall) { return this.#queue.enqueue(key, call); }
  outcome(key: string) { return this.#queue.outcome(key); }
  override alarm() { return this.#queue.alarm(); }
}

function client({ TRTC_SDKAPPID, TRTC_SECRET_KEY: secretKey, TRTC_BASE_URL: baseUrl = "https://adminapisgp.im.qcloud.com" }: Env) {
  return new TrtcCall({ sdkAppId: Number(TRTC_SDKAPPID), secretKey, admin: "administrator", baseUrl });
}

export default {
  /** `POST /orders/4711/reminders/jack` has jack rung; `GET` tells what became of it. */
  async fetch(request, env) {
    const [, , order = "", , user = ""] = new URL(request.url).pathname.split("/");
    // One object for each application.
    const rings = env.RINGS.getByName(env.TRTC_SDKAPPID);
    const key = `order-${order}:reminder:${user}`;
    if (request.method === "GET") return Response.json(await rings.outcome(key));
    const { verdict, repeated } = await rings.enqueue(key, { robot: "robot", callees: [user], media: "audio" });
    return Response.json({ verdict, repeated }, { status: 202 });
  },
} satisfies ExportedHandler<Env>;
