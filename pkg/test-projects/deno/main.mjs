import * as trtcCall from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

const passed = await scenario({ ...trtcCall, createEmulator, testCredential }, Deno.args[0]);
console.log(JSON.stringify({ version: Deno.version.deno, passed: passed.length }));
