import * as trtcCall from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { test } from "vitest";
import { scenario } from "../scenario.mjs";

const check = () => scenario({ ...trtcCall, createEmulator, testCredential }, process.env.EMULATOR_URL);
test("everything works", check, 60_000);
