import type { Backend, BoardCall, Delivery, EmulatorControls, EventId, Listener, PlacedCall, PlacedCallReply, Settings, Subscription, WholeDelivery } from "./backend.ts";
import type { Campaign, CampaignControls, Ring, RingRow } from "./campaigns.ts";
import { BackendError, type Failure } from "./failure.ts";
import { openEventStream } from "./event-stream.ts";
import { currentTicket, forgetTicket } from "./ticket.ts";

/** What the console's server sends with the page, so that the page knows that it is there. */
const MARK = "x-trtc-console";

/** Longer than the longest thing the server does: a call of the service with its repeats. */
const TIMEOUT = 40_000;

/** Whether the page comes from `trtc-call console` and not from a server of files. */
export async function isServed(): Promise<boolean> {
  if (currentTicket() !== null) return true;
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    const response = await fetch(pageUrl(""), { method: "HEAD", cache: "no-store", signal });
    return response.headers.has(MARK);
  } catch {
    // To go on with a simulation would be a lie to who rings real phones.
    throw notReached("console_not_reached");
  }
}

/** Opens the session with the address's ticket, if there is one; without one, the session's cookie must do. */
export async function connectToServer(): Promise<Backend> {
  const refused = await exchangeTicket();
  try {
    const { mode } = await get<{ mode: string }>("settings");
    return serverBackend(mode === "emulator" ? emulatorControls : null);
  } catch (thrown) {
    // The address opened twice: in this browser the session of the first time goes on.
    throw refused ?? thrown;
  }
}

/** Resolves to why the ticket was refused, if it was. */
async function exchangeTicket(): Promise<BackendError | null> {
  const ticket = currentTicket();
  if (ticket === null) return null;
  try {
    await send("POST", "session", undefined, { authorization: `Bearer ${ticket}` });
  } catch (thrown) {
    if (!(thrown instanceof BackendError) || thrown.failure.code !== "ticket_refused") throw thrown;
    forgetTicket();
    return thrown;
  }
  forgetTicket();
  return null;
}

function serverBackend(emulator: EmulatorControls | null): Backend {
  return {
    place: "server",
    settings: () => get("settings"),
    changeSettings: (change) => send("PATCH", "settings", change),

    startCall,
    endCall: (callId) => send("POST", `calls/${encodeURIComponent(callId)}/end`),
    board: () => get("calls"),
    call: (callId) => get(`calls/${encodeURIComponent(callId)}`),
    subscribe,

    records: (filter) => get("records", { ...filter }),
    record: (callId) => get(`records/${encodeURIComponent(callId)}`),

    requests: (after) => get("requests", { after }),
    request: (id) => get(`requests/${id}`),

    deliveries: () => get<Delivery[]>("webhooks"),
    delivery: (id) => get<WholeDelivery>(`webhooks/${encodeURIComponent(id)}`),
    replayDelivery: (id) => send("POST", `webhooks/${encodeURIComponent(id)}/replay`),
    sendTestDelivery: (test) => send("POST", "webhooks/test", test),
    callback: () => get("callback"),
    setCallback: (callback) => send("PUT", "callback", callback),
    deleteCallback: () => send("DELETE", "callback"),

    signUserSig: (request) => send("POST", "usersig", request),
    campaigns,
    session: {
      invite: async () => (await send<{ url: string }>("POST", "session/url")).url,
      signOut: () => send("DELETE", "session"),
    },
    emulator,
  };
}

/** With a permit that is good once: a browser may send a request again by itself, when the connection breaks. */
async function startCall(call: PlacedCall): Promise<PlacedCallReply> {
  const { permit } = await send<{ permit: string }>("POST", "permits");
  return send("POST", "calls", call, { "x-trtc-permit": permit });
}

function subscribe(after: EventId, listener: Listener): Subscription {
  return openEventStream(
    (from) => apiUrl("events", { after: from }),
    after,
    {
      call: (data) => listener.call?.(data as BoardCall),
      "call-continued": (data) => listener.callContinued?.(data as BoardCall),
      webhook: (data) => listener.delivery?.(data as Delivery),
      settings: (data) => listener.settings?.(data as Settings),
      reset: () => listener.reset?.(),
    },
    (connection) => listener.connection?.(connection),
  );
}

const campaigns: CampaignControls = {
  follow: (name, listener) =>
    openEventStream(() => apiUrl("campaigns", { name }), "", {
      campaigns: (data) => listener.all(data as Campaign[]),
      campaign: (data) => listener.changed(data as Campaign),
      ledger: (data) => listener.failed(new BackendError(data as Failure)),
    }),
  rows: (name, filter) => get<RingRow[]>(`campaigns/${encodeURIComponent(name)}/rows`, { ...filter }),
  control: async (name, what) => void (await send("POST", `campaigns/${encodeURIComponent(name)}/${what}`)),
  ring: (key) => get<Ring>(`rings/${encodeURIComponent(key)}`),
  settle: (key, hasRung) => send("POST", `rings/${encodeURIComponent(key)}/settle`, { hasRung }),
};

const emulatorControls: EmulatorControls = {
  scripts: () => get("emulator/scripts"),
  setScripts: (scripts) => send("PUT", "emulator/scripts", scripts),
  advance: (ms) => send("POST", "emulator/advance", { ms }),
  seedRecords: (count) => send("POST", "emulator/seed-records", { count }),
};

function pageUrl(path: string): URL {
  return new URL(path, `${location.origin}${location.pathname}`);
}

function apiUrl(path: string, query: Record<string, unknown> = {}): URL {
  const url = pageUrl(`api/${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") url.searchParams.set(name, String(value));
  }
  return url;
}

function get<Reply>(path: string, query?: Record<string, unknown>): Promise<Reply> {
  return exchange(apiUrl(path, query), {});
}

function send<Reply>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return exchange(apiUrl(path), {
    method,
    // The header keeps pages of other origins from sending in this one's name.
    headers: { "x-trtc-console": "1", "content-type": "application/json", ...headers },
    body: JSON.stringify(body ?? {}),
  });
}

async function exchange<Reply>(url: URL, init: RequestInit): Promise<Reply> {
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    response = await fetch(url, { ...init, signal, credentials: "same-origin", cache: "no-store" });
    text = await response.text();
  } catch (thrown) {
    const code = thrown instanceof DOMException ? "console_timeout" : "console_not_reached";
    throw notReached(code, init.method === "POST" && url.pathname.endsWith("/calls"));
  }
  const value = read(text);
  if (response.ok) return value as Reply;
  throw new BackendError(failureIn(value) ?? unexplained(response.status));
}

function notReached(code: string, mayHaveRung = false): BackendError {
  return new BackendError({ kind: "console", code, message: "no answer from the console's own server", mayHaveRung });
}

function read(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureIn(value: unknown): Failure | undefined {
  const { error } = Object(value) as { error?: Failure };
  return typeof error?.message === "string" ? error : undefined;
}

function unexplained(status: number): Failure {
  const code = status === 401 || status === 403 ? "session_refused" : "console_failed";
  return { kind: "console", code, message: `the console's own server answered ${status}` };
}
