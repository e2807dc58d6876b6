import * as trtcCall from "trtc-call";
import * as testing from "trtc-call/testing";
import { scenario } from "../scenario.mjs";

scenario({ ...trtcCall, ...testing }).then(
  (passed) => postMessage(passed),
  (error) => postMessage(`failed: ${error?.stack ?? error}`),
);
