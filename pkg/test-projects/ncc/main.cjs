const trtcCall = require("trtc-call");
const { createEmulator, testCredential } = require("trtc-call/testing");

import("../scenario.mjs")
  .then(({ scenario }) => scenario({ ...trtcCall, createEmulator, testCredential }, process.env.EMULATOR_URL))
  .then((passed) => console.log(JSON.stringify({ version: process.version, passed: passed.length })))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
