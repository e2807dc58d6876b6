import * as trtcCall from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

async function answer(request) {
  try {
    const baseUrl = new URL(request.url).searchParams.get("baseUrl");
    const passed = await scenario({ ...trtcCall, createEmulator, testCredential }, baseUrl);
    return Response.json({ version: globalThis.EdgeRuntime, passed: passed.length });
  } catch (error) {
    return new Response(String(error?.stack ?? error), { status: 500 });
  }
}

addEventListener("fetch", (event) => event.respondWith(answer(event.request)));
