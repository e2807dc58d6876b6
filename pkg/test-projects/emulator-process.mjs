// The native emulator in a process of its own, reached over TCP.
import { spawn } from "node:child_process";
import { once } from "node:events";

/** Starts it; `TRTC_CALL` says where the command-line program is. */
export async function startEmulator({ sdkAppId, secretKey }) {
  const program = process.env.TRTC_CALL;
  if (!program) throw new Error("set TRTC_CALL to the program trtc-call; `cargo xtask test` does");
  const args = ["emulator", "--listen", "127.0.0.1:0", "--json"];
  const child = spawn(program, args, {
    env: { TRTC_SECRET_KEY: secretKey, TRTC_SDKAPPID: String(sdkAppId), TRTC_ADMIN: "administrator" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const baseUrl = await new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the emulator exited with ${code}`)));
    child.stdout.on("data", (chunk) => {
      text += chunk;
      try {
        resolve(JSON.parse(text).baseUrl);
      } catch {
        // The document is not complete yet.
      }
    });
  });
  const control = async (method, path, body) => {
    const url = `${baseUrl}/emulator/${path}`;
    const response = await fetch(url, { method, body: body && JSON.stringify(body) });
    const value = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(value));
    return value;
  };
  return {
    baseUrl,
    inject: (fault) => control("POST", "faults", fault),
    clearFaults: () => control("DELETE", "faults"),
    setScript: (user, script) => control("PUT", `scripts/${user}`, script),
    advance: (ms) => control("POST", "time/advance", { ms }),
    ingests: () => control("GET", "ingests"),
    rooms: () => control("GET", "rooms"),
    calls: () => control("GET", "calls"),
    rings: async (user) => (await control("GET", "rings"))[user] ?? 0,
    requests: async () => (await control("GET", "state")).requests,
    async stop() {
      child.removeAllListeners("exit");
      child.kill();
      await once(child, "exit");
    },
  };
}
