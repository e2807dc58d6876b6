// Cloudflare's runtime compiles imported modules when the worker is deployed.
import main from "../../wasm/main.wasm";
import more from "../../wasm/more.wasm";

export const sources = { main: { read: () => main }, more: { read: () => more } };
