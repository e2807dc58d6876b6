// Node, Deno and Bun read the files from the package's own folder.
import { readFileSync } from "node:fs";

export const sources = {
  main: { read: () => readFileSync(new URL("../../wasm/main.wasm", import.meta.url)) },
  more: { read: () => readFileSync(new URL("../../wasm/more.wasm", import.meta.url)) },
};
