import * as trtcCall from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

const passed = await scenario({ ...trtcCall, createEmulator, testCredential }, process.env.EMULATOR_URL);
console.log(JSON.stringify({ version: process.version, passed: passed.length }));
