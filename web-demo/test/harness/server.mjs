// `trtc-call console` with its emulator, over a real socket.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { built } from "./files.mjs";

/** The command. */
export const program = process.env.TRTC_CALL ?? fileURLToPath(new URL("../../../target/debug/trtc-call", import.meta.url));

/** The key that must show nowhere. */
export const MARKED_KEY = "marked0secret0key0never0to0be0seen0anywhere0000000000000000000000";

/**
 * Starts the console, with the emulator or with the account of `env` behind it. A program that is not there fails; it
 * is never skipped. With the port and the key of an earlier one it comes back where that was.
 */
export async function startConsole({ port = 0, key = randomBytes(32).toString("hex"), env = {}, isEmulated = true, options = [] } = {}) {
  const mode = isEmulated ? ["--emulator"] : [];
  const { said, stop, signal } = await start(["console", ...mode, ...options, "--port", String(port), "--page", built], /#token=\S+/, {
    TRTC_SDKAPPID: "1400000001",
    TRTC_SECRET_KEY: MARKED_KEY,
    TRTC_WEBHOOK_TOKEN: "marked0webhook0token",
    TRTC_CONSOLE_TOKEN: key,
    ...env,
  });
  const url = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said())[0];
  return { url, origin: new URL(url).origin, port: Number(new URL(url).port), ticket: url.split("#token=")[1], key, said, stop, signal };
}

/** Starts an emulator of its own, which outlives a console; `env` is the account that it takes. */
export async function startEmulator() {
  const { said, stop } = await start(["emulator", "--listen", "127.0.0.1:0"], /trtc-call start/, {});
  const env = Object.fromEntries([...said().matchAll(/\b((?:TRTC|TENCENTCLOUD)_\w+)=["']?([^"'\s]+)/g)].map(([, name, value]) => [name, value]));
  return { env, stop };
}

/** Runs the program until it is stopped; resolves when it has said what it says once it is ready. */
async function start(words, ready, env) {
  const child = spawn(program, words, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      said += chunk;
      if (ready.test(said)) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", (error) => reject(new Error(`${program}: ${error.message}; build it with cargo build -p trtc-call-cli`)));
    child.on("exit", (code) => reject(new Error(`it stopped with ${code}: ${said}`)));
  });
  return {
    said: () => said,
    signal: (name) => child.kill(name),
    async stop(signal = "SIGKILL") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, "exit");
    },
  };
}
