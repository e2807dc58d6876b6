// Vercel's edge runtime does the same as Cloudflare's, when asked for by `?module`.
import main from "../../wasm/main.wasm?module";
import more from "../../wasm/more.wasm?module";

export const sources = { main: { read: () => main }, more: { read: () => more } };
