// The emulated service inside of the page: for a visitor of a page of files, with no server behind it.
import type { Script } from "trtc-call/testing";
import type { Backend, Listener, Settings, Subscription } from "./backend.ts";
import { BackendError, failureOf } from "./failure.ts";
import { ADMIN, APPLICATION, RECEIVER, World } from "./in-page-world.ts";

/** How often the emulator is asked what is new, in milliseconds. */
const GLANCE = 200;

/** Opens the emulator. */
export async function openInPage(): Promise<Backend> {
  const settings: Settings = {
    mode: "emulator",
    sdkAppId: APPLICATION.sdkAppId,
    admin: ADMIN,
    robot: "robot",
    region: "singapore",
    ingestRoomIdCoding: "numeric-0",
    cloud: { configured: true },
    webhooks: { configured: true, signed: true, receiving: true, url: RECEIVER },
    missing: [],
    version: __VERSION__,
  };
  const scripts = new Map<string, Script>();
  const listeners = new Set<Listener>();
  let world = await World.make(0);

  setInterval(async () => {
    if (listeners.size === 0) return;
    const { calls, deliveries } = await world.news();
    for (const listener of listeners) {
      for (const call of calls) listener.call?.(call);
      for (const delivery of deliveries) listener.delivery?.(delivery);
    }
  }, GLANCE);

  return {
    place: "page",
    settings: async () => ({ ...settings }),
    async changeSettings(change) {
      Object.assign(settings, change);
      for (const { settings: tell } of listeners) tell?.({ ...settings });
      return { ...settings };
    },
    startCall: (call) => answer(() => world.startCall(call)),
    endCall: (callId) => answer(async () => void (await world.endCall(callId))),
    board: () => answer(async () => ({ lastEventId: 0, calls: await world.board() })),
    call: (callId) => answer(() => world.call(callId)),
    subscribe: (_, listener) => subscribe(listeners, listener),
    records: (filter) => answer(() => world.records(filter)),
    record: (callId) => answer(() => world.trtc.getRecord(callId)),
    requests: (after) => answer(async () => world.requests(after)),
    request: (id) => answer(async () => world.request(id)),
    deliveries: () => answer(async () => world.deliveries()),
    delivery: (id) => answer(async () => world.delivery(id)),
    replayDelivery: (id) => answer(async () => world.replay(id)),
    sendTestDelivery: (test) => answer(async () => world.sendTest(test)),
    callback: () => answer(() => world.trtc.getCallback()),
    setCallback: (callback) => answer(async () => void (await world.trtc.setCallback(callback))),
    deleteCallback: () => answer(async () => void (await world.trtc.deleteCallback())),
    signUserSig: (request) => answer(async () => world.signUserSig(request)),
    campaigns: null,
    session: null,
    emulator: {
      scripts: async () => Object.fromEntries(scripts),
      setScripts: (given) =>
        answer(async () => {
          world.setScripts(given);
          scripts.clear();
          for (const [user, script] of Object.entries(given)) scripts.set(user, script);
        }),
      advance: (milliseconds) => answer(async () => world.emulator.advance(milliseconds)),
      seedRecords: (count) =>
        answer(async () => {
          world = await World.make(count);
          world.setScripts(Object.fromEntries(scripts));
          for (const { reset } of listeners) reset?.();
        }),
    },
  };
}


function subscribe(listeners: Set<Listener>, listener: Listener): Subscription {
  listeners.add(listener);
  listener.connection?.("open");
  return { close: () => void listeners.delete(listener) };
}

/** What is thrown inside becomes what every backend throws. */
async function answer<Reply>(work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (thrown) {
    throw new BackendError(failureOf(thrown));
  }
}
