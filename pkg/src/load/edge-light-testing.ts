import module from "../../wasm/testing.wasm?module";
import { emulatorModule } from "../testing-wasm.js";

emulatorModule.comesFrom(() => module);

export * from "../testing.js";
