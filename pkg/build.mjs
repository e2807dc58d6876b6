// Builds dist/: ES modules out of src/ and of what is in wasm/, the same as CommonJS, and the types. `cargo xtask npm`
// runs it after it has built wasm/.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

process.chdir(import.meta.dirname);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const commonJs = '{ "type": "commonjs" }\n';
for (const folder of ["dist", "wasm/embedded"]) rmSync(folder, { recursive: true, force: true });

// See src/load/embedded-bytes.ts.
mkdirSync("wasm/embedded");
for (const name of ["core", "testing"]) {
  const base64 = readFileSync(`wasm/${name}.wasm`).toString("base64");
  const key = `Symbol.for("trtc-call ${version} ${name}")`;
  writeFileSync(`wasm/embedded/${name}.js`, `globalThis[${key}] = "${base64}";\n`);
}
writeFileSync("wasm/embedded/package.json", commonJs);

const shared = {
  absWorkingDir: import.meta.dirname,
  target: "es2022",
  charset: "utf8",
  logLevel: "warning",
};
await build({
  ...shared,
  entryPoints: {
    index: "src/load/embedded.ts",
    slim: "src/slim.ts",
    node: "src/node.ts",
    testing: "src/load/embedded-testing.ts",
    workerd: "src/load/workerd.ts",
    "workerd-testing": "src/load/workerd-testing.ts",
    "edge-light": "src/load/edge-light.ts",
    "edge-light-testing": "src/load/edge-light-testing.ts",
  },
  bundle: true,
  format: "esm",
  // What several entries use stands once, so that they use one instance of it.
  splitting: true,
  chunkNames: "shared-[hash]",
  // As deep as src/load, so that a path to wasm/ is the same from both.
  outdir: "dist/esm",
  external: ["*.wasm", "*.wasm?module", "../../wasm/embedded/*"],
  define: { VERSION: JSON.stringify(version) },
});
// Runtimes that import the file itself have no use for CommonJS.
const modules = readdirSync("dist/esm").filter((name) => name.endsWith(".js") && !/^(workerd|edge-light)/.test(name));
await build({ ...shared, entryPoints: modules.map((name) => `dist/esm/${name}`), format: "cjs", outdir: "dist/cjs" });
writeFileSync("dist/cjs/package.json", commonJs);

execFileSync("node_modules/.bin/tsc", { stdio: "inherit" });
// What no public type mentions stays out. The types are those of the CommonJS modules, for an ES module's may
// refer to them, and not the other way round.
const internal = new Set(
  [
    "abort",
    "body-bytes",
    "cause",
    "cloud-client",
    "given",
    "kept",
    "rate-limiter",
    "runtime-fetch",
    "sender",
    "testing-wasm",
    "transport",
    "user-sig-cache",
  ].map((name) => `${name}.d.ts`),
);
const isPublic = (name) => name.endsWith(".d.ts") && !internal.has(name);
for (const file of readdirSync("dist/types").filter(isPublic)) cpSync(`dist/types/${file}`, `dist/cjs/${file}`);
rmSync("dist/types", { recursive: true });
for (const entry of ["index", "slim", "node", "testing"]) {
  writeFileSync(`dist/esm/${entry}.d.ts`, `export * from "../cjs/${entry}.js";\n`);
}
for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(`../${licence}`, licence);
