// Vercel's edge runtime does the same as Cloudflare's, when asked for by `?module`.
import module from "../../wasm/testing.wasm?module";

export const testing = { read: () => module };
