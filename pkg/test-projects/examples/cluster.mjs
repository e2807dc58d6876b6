// A PostgreSQL of this test's own: Debian's, in a folder and on a port of its own. It ends with this process, however that
// ends: it is stopped when a pipe is closed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { freePort } from "./server.mjs";

/** `initdb` refuses root, who becomes `postgres`. `$1` is where the programs are, `$2` the port. */
const SCRIPT = `
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1/initdb" -D "$folder/data" -A trust -U postgres --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
"$1/pg_ctl" -D "$folder/data" -l "$folder/log" -o "-p $2 -k $folder -h 127.0.0.1 -c fsync=off" -w start >&2
echo started
cat >&2
"$1/pg_ctl" -D "$folder/data" -m immediate -w stop >&2
`;

/** Starts it. Gives the URL of its database. */
export async function startCluster() {
  const [newest] = versions();
  const port = await freePort();
  const shell = ["sh", "-c", SCRIPT, "sh", `/usr/lib/postgresql/${newest}/bin`, String(port)];
  const [program, ...args] = process.getuid() === 0 ? ["runuser", "-u", "postgres", "--", ...shell] : shell;
  const child = spawn(program, args, { cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
  const [first] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  if (String(first) !== "started\n") throw new Error(`PostgreSQL does not start: ${first}`);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

/** Those that Debian has installed, the newest first. */
function versions() {
  try {
    const found = readdirSync("/usr/lib/postgresql").sort((one, other) => other - one);
    if (found.length > 0) return found;
  } catch {
    // There is no such folder.
  }
  throw new Error("PostgreSQL is missing: apt-get install postgresql");
}
