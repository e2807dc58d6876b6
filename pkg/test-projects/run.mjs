// Runs test projects against the packed package. Each is a consumer as users write them, in a folder of its own; a
// runtime that is missing is a failure.
//
//     node run.mjs TARBALL            all but the slow ones
//     node run.mjs TARBALL --all      all
//     node run.mjs TARBALL vite jest  those in these folders
//     node run.mjs --list             prints the folders
import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startEmulator } from "./emulator-process.mjs";

/** They wait for calls that ring most of the time. */
const AT_A_TIME = 6;

const [first, ...words] = process.argv.slice(2);
if (first === undefined) throw new Error("name the package's tarball");
const tarball = resolve(first);
process.chdir(import.meta.dirname);
const folders = readdirSync(".").filter((name) => existsSync(join(name, "project.mjs")));
if (first === "--list") console.log(folders.join("\n"));
else await runAll();

async function runAll() {
  const withSlow = words.includes("--all");
  const names = words.filter((word) => word !== "--all");
  const unknown = names.filter((name) => !folders.includes(name));
  if (unknown.length > 0) throw new Error(`no such project: ${unknown.join(", ")}; \`--list\` tells which there are`);
  install(".");
  if (names.length === 1) return runFolder(names[0]);
  const waiting = names.length > 0 ? names : await chosen(withSlow);
  const failures = [];
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { error, printed } = await runApart(name);
      if (error) failures.push(printed);
      else process.stdout.write(printed);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  // What failed is told last, where it is looked for.
  for (const printed of failures) process.stdout.write(printed);
  if (failures.length > 0) process.exitCode = 1;
}

/** The folders of all projects, without the slow ones unless they are wanted; these start first. */
async function chosen(withSlow) {
  const [slow, quick] = [[], []];
  for (const folder of folders) {
    const isSlow = (await projectsOf(folder)).some((project) => project.slow);
    (isSlow ? slow : quick).push(folder);
  }
  if (withSlow) return [...slow, ...quick];
  for (const folder of slow) console.log(`slow    ${folder}: left out`);
  return quick;
}

/** In a process of its own, with an emulator of its own: a fault that one asks for is not another's. */
function runApart(folder) {
  return new Promise((done) => {
    const itself = [import.meta.filename, tarball, folder];
    execFile(process.execPath, itself, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      done({ error, printed: stderr + stdout });
    });
  });
}

async function runFolder(folder) {
  const emulator = await startEmulator({ sdkAppId: 1400000001, secretKey: "the key of the test projects" });
  process.env.EMULATOR_URL = emulator.baseUrl;
  try {
    for (const project of await projectsOf(folder)) await runOne(project, emulator.baseUrl);
  } finally {
    await emulator.stop();
  }
}

async function projectsOf(folder) {
  return [(await import(`./${folder}/project.mjs`)).default].flat();
}

async function runOne({ name, folder, run }, baseUrl) {
  const began = Date.now();
  try {
    if (folder) install(folder);
    const { version, passed } = await run(baseUrl);
    if (!(passed > 0)) throw new Error("it checked nothing");
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    console.log(`ok      ${name} (${version}): ${passed} checks in ${seconds} s`);
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
  const from = join(installed, ".tarball");
  const packed = readFileSync(tarball);
  if (existsSync(from) && packed.equals(readFileSync(from))) return;
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
  writeFileSync(from, packed);
}
