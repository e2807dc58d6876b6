// Browsers can only wait for a file: `await ready()` once.
export const sources = {
  main: { fetch: () => fetch(new URL("../../wasm/main.wasm", import.meta.url)) },
  more: { fetch: () => fetch(new URL("../../wasm/more.wasm", import.meta.url)) },
};
