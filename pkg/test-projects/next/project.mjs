// Next.js, built and started, in the versions that have a folder here. Slow, and large to install.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environment, forged, ring, waitFor } from "../examples/server.mjs";
import { answer, run, version } from "../harness.mjs";

export default ["15", "16"].map((major) => {
  const folder = join(import.meta.dirname, major);
  return { name: `Next.js ${major}: routes on Node and on the edge`, slow: true, folder, run: (baseUrl) => check(folder, baseUrl) };
});

async function check(folder, baseUrl) {
  // Next.js takes what is around a project for a part of it.
  rmSync(join(folder, "app"), { recursive: true, force: true });
  cpSync(join(import.meta.dirname, "app"), join(folder, "app"), { recursive: true });
  cpSync(join(import.meta.dirname, "../scenario.mjs"), join(folder, "scenario.mjs"));
  // The example is TypeScript, for which a project needs the compiler.
  const hasExample = existsSync(join(folder, "node_modules/typescript"));
  if (hasExample) cpSync("../examples/next/app", join(folder, "app"), { recursive: true });
  const env = { ...process.env, ...environment(baseUrl), NEXT_TELEMETRY_DISABLED: "1" };
  const next = join(folder, "node_modules/.bin/next");
  await run(next, ["build"], { cwd: folder, env });

  const server = spawn(next, ["start", "--port", "0"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    let printed = "";
    server.stdout.on("data", (chunk) => (printed += chunk));
    const url = await addressOf(server);
    let passed = 0;
    if (hasExample) {
      const callId = await ring(baseUrl, url);
      await waitFor(async () => printed.includes(`${callId} NormalEnd`), `"${callId} NormalEnd" in: ${printed}`);
      passed += 2 + (await forged(url));
    }
    for (const kind of ["node", "edge"]) {
      const response = await fetch(`${url}/api/${kind}?baseUrl=${encodeURIComponent(baseUrl)}`);
      passed += (await answer(response)).passed;
    }
    const page = await (await fetch(url)).text();
    if (!page.includes("user_sig_expired")) throw new Error("the page does not know the code");
    return { version: version("next", folder), passed: passed + 1 };
  } finally {
    server.kill();
    await once(server, "exit");
  }
}

function addressOf(server) {
  return new Promise((resolve, reject) => {
    server.once("exit", (code) => reject(new Error(`next start exited with ${code}`)));
    let printed = "";
    server.stdout.on("data", (chunk) => {
      printed += chunk;
      const [url] = /http:\/\/localhost:\d+/.exec(printed) ?? [];
      if (url) resolve(url);
    });
  });
}
