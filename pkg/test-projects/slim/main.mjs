import { readFileSync } from "node:fs";
import * as trtcCall from "trtc-call/slim";
import { createEmulator, testCredential } from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

let early;
try {
  trtcCall.explainErrorCode(70001);
} catch (error) {
  early = error;
}
if (!/initialize/.test(early?.message)) throw new Error(`before initialize: ${early}`);

trtcCall.initialize(readFileSync(new URL(import.meta.resolve("trtc-call/wasm/core.wasm"))));
const passed = await scenario({ ...trtcCall, createEmulator, testCredential }, process.env.EMULATOR_URL);
console.log(JSON.stringify({ version: process.version, passed: passed.length + 1 }));
