// Node, Deno and Bun read the file from the package's own folder.
import { readFileSync } from "node:fs";

export const testing = {
  read: () => readFileSync(new URL("../../wasm/testing.wasm", import.meta.url)),
};
