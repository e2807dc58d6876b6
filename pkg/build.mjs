// Builds dist/: the ES modules out of src/ and the glue in wasm/, what lets CommonJS require them, and the types.
// `cargo xtask npm` runs it after it has built wasm/.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build, transform } from "esbuild";

const runtimes = ["node", "workerd", "edge-light", "browser"].flatMap((name) => [name, `${name}-testing`]);
const shared = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  minify: true,
  // The names of functions and classes stand in stack traces and in what `console.log` shows.
  keepNames: true,
  charset: "utf8",
  plugins: [{ name: "glue", setup: keepGlueApart }],
  // The wasm files stay as they are, beside dist/.
  external: ["*.wasm", "*.wasm?module", "node:*"],
};

process.chdir(import.meta.dirname);
rmSync("dist", { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: ["src/index.ts", "src/testing.ts"],
  format: "esm",
  // What both use stands once, so that they use one instance of the core.
  splitting: true,
  chunkNames: "shared-[hash]",
  outdir: "dist",
  external: [...shared.external, "#load", "#load-testing"],
});
await build({
  ...shared,
  entryPoints: runtimes.map((name) => `src/load/${name}.ts`),
  format: "esm",
  outdir: "dist/load",
});
const glue = readFileSync("wasm/trtc_call_wasm.js", "utf8");
writeFileSync("dist/glue.js", (await transform(glue, { minify: true, target: shared.target })).code);
mkdirSync("dist/cjs");
for (const entry of ["index", "testing"]) {
  writeFileSync(`dist/cjs/${entry}.js`, `module.exports = require("../${entry}.js");\n`);
}

for (const project of [".", "tsconfig.node.json"]) {
  execFileSync("node_modules/.bin/tsc", ["-p", project], { stdio: "inherit" });
}
// What no public type mentions stays out. The types are those of the CommonJS modules, for an ES module's may
// refer to them, and not the other way round.
const internal = new Set(
  ["cloud-client", "json-text", "rate-limiter", "runtime-fetch", "sender", "transport", "user-sig-cache"].map(
    (name) => `${name}.d.ts`,
  ),
);
const isPublic = (name) => name.endsWith(".d.ts") && !internal.has(name);
for (const file of readdirSync("dist/types").filter(isPublic)) {
  cpSync(`dist/types/${file}`, `dist/cjs/${file}`);
}
for (const entry of ["index", "testing"]) {
  writeFileSync(`dist/${entry}.d.ts`, `export * from "./cjs/${entry}.js";\n`);
}
rmSync("dist/types", { recursive: true });
writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(`../${licence}`, licence);

/** The generated glue is a file of its own, in which only what it exports has names that anybody sees. */
function keepGlueApart({ onResolve }) {
  onResolve({ filter: /wasm\/trtc_call_wasm\.js$/ }, () => ({ path: "./glue.js", external: true }));
}
