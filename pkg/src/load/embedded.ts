// The default: the bytes are part of the code, so that no bundler and no runtime has to find a file.
import "../../wasm/embedded/core.js";
import { coreModule } from "../wasm.js";
import { embeddedBytes } from "./embedded-bytes.js";

coreModule.comesFrom(() => embeddedBytes("core"));

export * from "../index.js";
