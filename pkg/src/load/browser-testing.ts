// Browsers can only wait for a file: `await ready()` once.
export const testing = {
  fetch: () => fetch(new URL("../../wasm/testing.wasm", import.meta.url)),
};
