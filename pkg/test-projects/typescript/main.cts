import { UserSig, type UserSigClaims } from "trtc-call";
import testing = require("trtc-call/testing");

const account = { sdkAppId: 1400000001, secretKey: "the key of the test projects" };
const claims: UserSigClaims = UserSig.inspect(
  UserSig.sign({ ...account, userId: "jack", expire: 60 }),
);
const checks = [claims.identifier === "jack", testing.createEmulator(account).rings("jack") === 0];
if (checks.includes(false)) throw new Error(`failed: ${checks}`);
console.log(JSON.stringify({ version: process.version, passed: checks.length }));
