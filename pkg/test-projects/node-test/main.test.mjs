import { test } from "node:test";
import * as trtcCall from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

test("everything works", () => scenario({ ...trtcCall, createEmulator, testCredential }, process.env.EMULATOR_URL));
