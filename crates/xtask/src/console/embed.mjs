// Puts the built page where the program embeds it from, with a compressed copy beside each file that gains by it.
// Usage: node embed.mjs FROM TO
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [from, to] = process.argv.slice(2);
const compressible = /\.(html|js|css|wasm|json|svg|webmanifest)$/;
/** Smaller ones fit into one packet anyway. */
const worthwhile = 1000;

for (const name of readdirSync(to)) {
  if (name !== ".gitignore") rmSync(join(to, name), { recursive: true });
}
for (const name of readdirSync(from, { recursive: true })) {
  const file = join(from, name);
  if (!statSync(file).isFile()) continue;
  const target = join(to, name);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(file, target);
  const bytes = readFileSync(file);
  if (!compressible.test(name) || bytes.length < worthwhile) continue;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${target}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${target}.gz`, gzipSync(bytes, { level: 9 }));
}
