// Examples that are servers: started, asked to ring, and told by the emulator how the call ended.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const TOKEN = "the token of the examples";

/** What the examples are configured by. */
export const environment = (baseUrl) => ({
  TRTC_SDKAPPID: "1400000001",
  TRTC_SECRET_KEY: "the key of the test projects",
  TRTC_WEBHOOK_TOKEN: TOKEN,
  TRTC_BASE_URL: baseUrl,
});

/** Starts one, and waits until it answers. */
export async function startServer([program, ...args], baseUrl, cwd, more = {}) {
  const port = await freePort();
  const env = { ...process.env, ...environment(baseUrl), PORT: String(port), ...more };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(`${url}/hook`).then(() => true, () => false);
  await waitFor(async () => child.exitCode !== null || (await answers()), `an answer of ${program}`);
  if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}: ${printed}`);
  return {
    url,
    printed: () => printed,
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

/** Rings by way of a server, and waits until it has printed how the call ended. Gives how many checks passed. */
export async function follow(baseUrl, server, tenant) {
  try {
    const callId = await ring(baseUrl, server.url, tenant);
    await waitFor(async () => server.printed().includes(`${callId} NormalEnd`), `"${callId} NormalEnd" in: ${server.printed()}`);
    return 2 + (await forged(server.url, tenant));
  } finally {
    await server.stop();
  }
}

/**
 * Has the emulator send its webhooks to a server, and the server ring somebody who answers and hangs up. `tenant` stands
 * in the paths where a server has several.
 */
export async function ring(baseUrl, url, tenant = "") {
  const configuration = JSON.stringify({ url: `${url}/hook${tenant}`, token: TOKEN });
  const configured = await fetch(`${baseUrl}/emulator/webhooks`, { method: "PUT", body: configuration });
  if (!configured.ok) throw new Error(await configured.text());
  const response = await fetch(`${url}/ring${tenant}/answer-0-hangup-100`, { method: "POST" });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const { callId } = JSON.parse(text);
  if (typeof callId !== "string") throw new Error(`no call: ${text}`);
  return callId;
}

/** A delivery that nobody signed is refused. Gives the number of checks. */
export async function forged(url, tenant = "") {
  const { status } = await fetch(`${url}/hook${tenant}?SdkAppid=1400000001`, { method: "POST", body: "{}" });
  if (status !== 401) throw new Error(`a forged delivery was answered with ${status}`);
  return 1;
}

/** Waits until something holds. */
export async function waitFor(holds, what) {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited 30 s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Below those that the system hands out by itself: no other process is given it meanwhile. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(() => true, () => false);
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
