import * as trtcCall from "trtc-call";
import * as testing from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

const result = document.querySelector("#result");
try {
  const passed = await scenario({ ...trtcCall, ...testing });
  passed.push(...(await inWorker()));
  for (const name of passed) {
    const item = document.createElement("li");
    item.textContent = name;
    document.querySelector("#passed").append(item);
  }
  result.textContent = JSON.stringify({ version: navigator.userAgent, passed: passed.length });
} catch (error) {
  result.textContent = `failed: ${error?.stack ?? error}`;
}

function inWorker() {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });
    worker.onerror = ({ message }) => reject(new Error(`in the worker: ${message}`));
    worker.onmessage = ({ data }) => (Array.isArray(data) ? resolve(data) : reject(new Error(data)));
  });
}
