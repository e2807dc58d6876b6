// Cloudflare's runtime compiles imported modules when the worker is deployed, and lets nobody compile later.
import module from "../../wasm/core.wasm";
import { coreModule } from "../wasm.js";

coreModule.comesFrom(() => module);

export * from "../index.js";
