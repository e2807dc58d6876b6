// Cloudflare's runtime compiles imported modules when the worker is deployed.
import module from "../../wasm/testing.wasm";

export const testing = { read: () => module };
