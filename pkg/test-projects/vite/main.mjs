import * as trtcCall from "trtc-call";
import * as testing from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

const result = document.querySelector("#result");
try {
  let early;
  try {
    trtcCall.explainErrorCode(70001);
  } catch (error) {
    early = error;
  }
  if (!(early instanceof trtcCall.NotReadyError)) throw new Error(`before ready(): ${early}`);
  await Promise.all([trtcCall.ready(), testing.ready()]);
  const passed = await scenario({ ...trtcCall, ...testing });
  passed.unshift("before ready(), one named error");
  for (const name of passed) {
    const item = document.createElement("li");
    item.textContent = name;
    document.querySelector("#passed").append(item);
  }
  result.textContent = JSON.stringify({ version: navigator.userAgent, passed: passed.length });
} catch (error) {
  result.textContent = `failed: ${error?.stack ?? error}`;
}
