import "../../wasm/embedded/testing.js";
import { emulatorModule } from "../testing-wasm.js";
import { embeddedBytes } from "./embedded-bytes.js";

emulatorModule.comesFrom(() => embeddedBytes("testing"));

export * from "../testing.js";
