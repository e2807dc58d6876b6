import * as trtcCall from "trtc-call";
import * as testing from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

const result = document.querySelector("#result");
try {
  const passed = await scenario({ ...trtcCall, ...testing });
  for (const name of passed) {
    const item = document.createElement("li");
    item.textContent = name;
    document.querySelector("#passed").append(item);
  }
  result.textContent = JSON.stringify({ version: navigator.userAgent, passed: passed.length });
} catch (error) {
  result.textContent = `failed: ${error?.stack ?? error}`;
}
