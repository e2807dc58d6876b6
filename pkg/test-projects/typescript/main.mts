import {
  type CallRecord,
  OutcomeUnknownError,
  type StartCall,
  TrtcCall,
  TrtcCallError,
  UserSig,
  type UserSigVerdict,
} from "trtc-call";
import { createEmulator, type Fault } from "trtc-call/testing";

const account = { sdkAppId: 1400000001, secretKey: "the key of the test projects" };
const emulator = createEmulator(account);
const trtc = new TrtcCall({
  ...account,
  admin: "administrator",
  region: "singapore",
  fetch: emulator.fetch,
});

const call: StartCall = { robot: "robot", callees: ["jack"], media: "video", room: 123 };
const { callId } = await trtc.startCall(call);
emulator.advance(20_000);
const record: CallRecord = (await trtc.getRecord(callId ?? "")).record;

const fault: Fault = { fault: "http_status", status: 502, takesEffect: true };
emulator.inject(fault);
let error: unknown;
try {
  await trtc.startCall(call);
} catch (thrown) {
  error = thrown;
}
const mayHaveRung: boolean = error instanceof TrtcCallError && error.mayHaveRung;
const room: number | string | null = error instanceof OutcomeUnknownError ? error.room : null;

const token = UserSig.sign({ ...account, userId: "jack", expire: 60 });
const verdict: UserSigVerdict = UserSig.verify(token, { ...account, userId: "jack" });

// @ts-expect-error: the media are two words.
const holo: StartCall = { ...call, media: "holo" };
// @ts-expect-error: a misspelt property.
const misspelt: StartCall = { ...call, ringTimeOut: 1 };
void [holo, misspelt];

const checks = [record.result === "NormalEnd", mayHaveRung, room === 123, verdict.valid];
if (checks.includes(false)) throw new Error(`failed: ${checks}`);
console.log(JSON.stringify({ version: process.version, passed: checks.length }));
