// Vercel's edge runtime does as Cloudflare's, when asked by `?module`.
import module from "../../wasm/core.wasm?module";
import { coreModule } from "../wasm.js";

coreModule.comesFrom(() => module);

export * from "../index.js";
