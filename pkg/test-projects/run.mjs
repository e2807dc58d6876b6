// Runs test projects against the packed package. Each is a consumer as users write them, in a folder of its own; a
// runtime that is missing is a failure.
//
//     node run.mjs TARBALL            all but the slow ones
//     node run.mjs TARBALL --all      all
//     node run.mjs TARBALL vite jest  those in these folders
//     node run.mjs --list             prints the folders
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { startEmulator } from "./emulator-process.mjs";

const [first, ...words] = process.argv.slice(2);
if (first === undefined) throw new Error("name the package's tarball");
const tarball = resolve(first);
process.chdir(import.meta.dirname);
const folders = readdirSync(".").filter((name) => existsSync(join(name, "project.mjs")));
if (first === "--list") console.log(folders.join("\n"));
else await runAll();

async function runAll() {
  const names = words.filter((word) => word !== "--all");
  const unknown = names.filter((name) => !folders.includes(name));
  if (unknown.length > 0) throw new Error(`no such project: ${unknown.join(", ")}; \`--list\` tells which there are`);
  install(".");
  const emulator = await startEmulator({ sdkAppId: 1400000001, secretKey: "the key of the test projects" });
  process.env.EMULATOR_URL = emulator.baseUrl;
  try {
    for (const folder of names.length > 0 ? names : folders) {
      const { default: projects } = await import(`./${folder}/project.mjs`);
      for (const project of [projects].flat()) {
        if (project.slow && names.length === 0 && !words.includes("--all")) console.log(`slow    ${project.name}: left out`);
        else await runOne(project, emulator.baseUrl);
      }
    }
  } finally {
    await emulator.stop();
  }
}

async function runOne({ name, folder, run }, baseUrl) {
  try {
    if (folder) install(folder);
    const { version, passed } = await run(baseUrl);
    if (!(passed > 0)) throw new Error("it checked nothing");
    console.log(`ok      ${name} (${version}): ${passed} checks`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAILED  ${name}: ${error?.stdout ?? ""}${error?.stack ?? error}`);
  }
}

/** Installs what the lockfile in a folder names, and the package as `npm install TARBALL` does. None of their scripts runs. */
function install(folder) {
  const lockfile = (name) => existsSync(join(folder, name)) && readFileSync(join(folder, name), "utf8");
  // npm keeps a copy of what it installed; ours beside it tells whether that is what is wanted.
  const mark = "node_modules/.trtc-call-lockfile";
  if (lockfile(mark) !== lockfile("package-lock.json")) {
    const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
    execFileSync("npm", ["install", ...options, "--prefix", folder], { stdio: ["ignore", "ignore", "inherit"] });
    copyFileSync(join(folder, "package-lock.json"), join(folder, mark));
  }
  const installed = join(folder, "node_modules/trtc-call");
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
}
