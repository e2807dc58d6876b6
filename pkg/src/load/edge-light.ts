// Vercel's edge runtime does as Cloudflare's, when asked by `?module`.
import module from "../../wasm/core.wasm?module";
import { coreModule } from "../wasm.js";
import { ofOwnRealm } from "./own-realm.js";

coreModule.comesFrom(() => ofOwnRealm(module));

export * from "../index.js";
