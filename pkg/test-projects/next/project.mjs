// Next.js, built and started, in the versions that have a folder here. Slow, and large to install.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
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
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const next = join(folder, "node_modules/.bin/next");
  await run(next, ["build"], { cwd: folder, env });

  const server = spawn(next, ["start", "--port", "0"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const url = await addressOf(server);
    let passed = 0;
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
