import * as trtcCall from "trtc-call";
import { createEmulator, testCredential } from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

/** The same in every kind of route. */
export async function check(request) {
  try {
    const baseUrl = new URL(request.url).searchParams.get("baseUrl");
    const passed = await scenario({ ...trtcCall, createEmulator, testCredential }, baseUrl);
    return Response.json({ passed: passed.length });
  } catch (error) {
    return new Response(String(error?.stack ?? error), { status: 500 });
  }
}
