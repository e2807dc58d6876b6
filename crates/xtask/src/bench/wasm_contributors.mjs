// The five crates that contribute most to a wasm module: `node wasm_contributors.mjs MODULE`, a module with its names.
import { readFileSync } from "node:fs";

const bytes = readFileSync(process.argv[2]);
let at = 8;

const IMPORT = 2;
const CODE = 10;
const DATA = 11;
const CUSTOM = 0;

let importedFunctions = 0;
let data = 0;
const bodies = [];
const names = new Map();
while (at < bytes.length) {
  const section = bytes[at++];
  const length = number();
  const end = at + length;
  if (section === IMPORT) countImports();
  if (section === DATA) data = length;
  if (section === CODE) {
    for (let left = number(); left > 0; left -= 1) {
      const size = number();
      bodies.push(size);
      at += size;
    }
  }
  if (section === CUSTOM && text() === "name") readNames(end);
  at = end;
}

const crates = new Map([["data", data]]);
for (const [index, size] of bodies.entries()) {
  const crate = crateOf(names.get(index + importedFunctions) ?? "");
  crates.set(crate, (crates.get(crate) ?? 0) + size);
}
const largest = [...crates].sort(([, a], [, b]) => b - a).slice(0, 5);
for (const [crate, size] of largest) console.log(`npm.size.main.of.${crate} = ${size}`);

/** The first path in a function's name: of what it is, or of the type that it belongs to. */
function crateOf(name) {
  const path = /([a-z][a-z0-9_]*)(?:\[[0-9a-f]+\])?::/.exec(name.replace(/^<+(?:&|mut |dyn )*/, ""));
  // What has no path is exported: bindings, with all that was inlined into them.
  return path === null ? "exports_of_the_bindings" : path[1];
}

function number() {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
}

function text() {
  const length = number();
  at += length;
  return bytes.toString("utf8", at - length, at);
}

function countImports() {
  for (let left = number(); left > 0; left -= 1) {
    text();
    text();
    // wasm-bindgen imports functions only.
    if (bytes[at++] !== 0) throw new Error("an import that is no function");
    number();
    importedFunctions += 1;
  }
}

function readNames(end) {
  const FUNCTIONS = 1;
  while (at < end) {
    const kind = bytes[at++];
    const length = number();
    const next = at + length;
    if (kind === FUNCTIONS) {
      for (let left = number(); left > 0; left -= 1) {
        const index = number();
        names.set(index, text());
      }
    }
    at = next;
  }
}
