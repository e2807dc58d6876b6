// The npm package against its peers, in one run: `node npm.mjs PACKAGE PEERS`, two folders of installed packages.
// Prints lines `name = value`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync } from "node:zlib";

const [ours, peers] = process.argv.slice(2).map((path) => resolve(path));
const entry = pathToFileURL(join(ours, "dist/esm/index.js")).href;
const { build, parse, UserSig } = await import(entry);
const requirePeer = createRequire(join(peers, "package.json"));
const vendor = requirePeer("tls-sig-api-v2");

const print = (name, value, digits = 0) => console.log(`npm.${name} = ${value.toFixed(digits)}`);
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

// Sizes.
for (const name of ["core", "testing"]) {
  const bytes = readFileSync(join(ours, `wasm/${name}.wasm`));
  print(`size.${name}.raw_bytes`, bytes.length);
  print(`size.${name}.brotli_bytes`, brotliCompressSync(bytes).length);
}
print("size.unpacked_bytes", folderSize(ours));
print("size.dependencies", Object.keys(manifest(ours).dependencies ?? {}).length);
print("size.tencentcloud_sdk.unpacked_bytes", folderSize(join(peers, "node_modules")));
print("size.tencentcloud_sdk.dependencies", Object.keys(manifest(join(peers, "node_modules/tencentcloud-sdk-nodejs")).dependencies).length);

// From the start of a process to the first UserSig, or to the import alone where there are none.
const options = { sdkAppId: 1400000000, secretKey: "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e" };
const account = JSON.stringify({ ...options, userId: "administrator", expire: 15552000 });
const peer = (name) => JSON.stringify(requirePeer.resolve(name));
startTimes({
  empty: "",
  ours: `import { UserSig } from ${JSON.stringify(entry)}; UserSig.sign(${account});`,
  tls_sig_api_v2: `import api from ${peer("tls-sig-api-v2")}; new api.Api(1400000000, "k").genSig("administrator", 1);`,
  tencentcloud_sdk: `import sdk from ${peer("tencentcloud-sdk-nodejs")}; sdk.trtc;`,
});

// UserSigs per second, one thread.
const signer = new vendor.Api(options.sdkAppId, options.secretKey);
const request = { ...options, userId: "administrator", expire: 15552000 };
const rates = rounds({
  ours: [50_000, () => UserSig.sign(request)],
  vendor: [10_000, () => signer.genSig("administrator", 15552000)],
});
print("usersig.per_second", rates.ours);
print("usersig.vendor.per_second", rates.vendor);
print("usersig.ratio_vs_vendor", rates.ours / rates.vendor, 2);

// One start_call, built and its reply parsed, against plain JSON of the same packets and one signature.
const call = { robot: "robot", callees: ["jack"], media: "video", room: "roomid-test", userData: "order 5" };
const access = { sdkAppId: options.sdkAppId, admin: "administrator", region: "singapore", userSig: UserSig.sign(request), random: 1 };
const sent = JSON.parse(build.startCallByRobot(call, access).body);
const reply = JSON.stringify({
  ErrorCode: 0,
  ErrorInfo: "",
  ActionStatus: "OK",
  RequestId: "Id-01f93f1a85c34d64a0e4cadb371deef8-O-Seq-997346",
  Response: {
    CallId: "35fd577d-76a5-4c14-9f0c-1f2d4d1b54f6",
    CallResult: [{ Callee_Account: "jack", ResultCode: 0 }],
  },
});
const costs = rounds({
  ours: [
    20_000,
    () => {
      build.startCallByRobot(call, access);
      parse.startCallByRobot(200, reply);
    },
  ],
  json: [
    20_000,
    () => {
      JSON.stringify(sent);
      JSON.parse(reply);
    },
  ],
  // In the same rounds: the machine is not as quick from one second to the next.
  signature: [20_000, () => UserSig.sign(request)],
});
const floor = 1 / costs.json + 1 / costs.signature;
print("start_call.microseconds", 1e6 / costs.ours, 2);
print("start_call.json_microseconds", 1e6 / costs.json, 2);
print("start_call.json_and_signature_microseconds", 1e6 * floor, 2);
print("start_call.ratio_vs_json_and_signature", 1 / costs.ours / floor, 2);

/** Runs per second of processor time, which a busy machine does not stretch: the median of interleaved rounds. */
function rounds(competitors) {
  const found = Object.fromEntries(Object.keys(competitors).map((name) => [name, []]));
  for (let round = 0; round < 9; round += 1) {
    for (const [name, [times, run]] of Object.entries(competitors)) {
      const start = process.cpuUsage();
      for (let index = 0; index < times; index += 1) run();
      const { user, system } = process.cpuUsage(start);
      // The first rounds warm up.
      if (round > 1) found[name].push((times * 1e6) / (user + system));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, median(values)]));
}

function startTimes(programs) {
  const folder = mkdtempSync(join(tmpdir(), "trtc-call-bench-"));
  const found = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
  for (const [name, program] of Object.entries(programs)) writeFileSync(join(folder, `${name}.mjs`), program);
  for (let round = 0; round < 20; round += 1) {
    for (const name of Object.keys(programs)) {
      const start = process.hrtime.bigint();
      execFileSync(process.execPath, [join(folder, `${name}.mjs`)]);
      if (round > 0) found[name].push(Number(process.hrtime.bigint() - start) / 1e6);
    }
  }
  rmSync(folder, { recursive: true });
  // The quickest run is the one that other programs disturbed least.
  const empty = Math.min(...found.empty);
  print("start.empty_module_ms", empty, 1);
  for (const name of Object.keys(programs).slice(1)) print(`start.${name}.more_than_empty_ms`, Math.min(...found[name]) - empty, 1);
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function folderSize(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}
