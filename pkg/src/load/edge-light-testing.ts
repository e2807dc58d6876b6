import module from "../../wasm/testing.wasm?module";
import { emulatorModule } from "../testing-wasm.js";
import { ofOwnRealm } from "./own-realm.js";

emulatorModule.comesFrom(() => ofOwnRealm(module));

export * from "../testing.js";
