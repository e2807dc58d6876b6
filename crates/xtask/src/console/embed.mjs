// Puts the built page where the program embeds it from, with a compressed copy beside each file that gains by it. What
// is there already is left as it is, for the program is compiled anew when a file is written.
// Usage: node embed.mjs FROM TO
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [from, to] = process.argv.slice(2);
const compressible = /\.(html|js|css|wasm|json|svg|webmanifest)$/;
/** Smaller ones fit into one packet anyway. */
const worthwhile = 1000;

const filesIn = (folder) => readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile());

const kept = new Set([".gitignore"]);
for (const name of filesIn(from)) {
  const bytes = readFileSync(join(from, name));
  const isCompressed = compressible.test(name) && bytes.length >= worthwhile;
  kept.add(name);
  if (isCompressed) kept.add(`${name}.br`).add(`${name}.gz`);

  const target = join(to, name);
  if (existsSync(target) && bytes.equals(readFileSync(target))) continue;
  mkdirSync(dirname(target), { recursive: true });
  if (isCompressed) {
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${target}.br`, brotliCompressSync(bytes, { params }));
    writeFileSync(`${target}.gz`, gzipSync(bytes, { level: 9 }));
  }
  // Last: it tells that its copies are there.
  writeFileSync(target, bytes);
}
for (const name of filesIn(to)) {
  if (!kept.has(name)) rmSync(join(to, name));
}
