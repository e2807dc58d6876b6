import {
  type CallRecord,
  OutcomeUnknownError,
  type PlayCall,
  type PlayOutcome,
  type StartCall,
  TrtcCall,
  TrtcCallError,
  type TrtcCallOptions,
  UserSig,
  type UserSigVerdict,
} from "trtc-call";
import { createEmulator, type Fault, testCredential } from "trtc-call/testing";

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
const record: CallRecord = (await trtc.getRecord(callId)).record;

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

const options: TrtcCallOptions = {
  ...account,
  admin: "administrator",
  region: "singapore",
  fetch: emulator.fetch,
  cloud: { ...testCredential, host: "international" },
  ingestRoomIdCoding: "numeric-0",
};
const streamUrl = "https://example.com/plays-100.mp3";
const plan: PlayCall = { ...call, callees: ["answer-0"], room: 5, streamUrl, stream: { tempo: 1.25 }, pollInterval: 250 };
const played = new TrtcCall(options).playCall(plan);
let task: string | undefined;
for await (const event of played) if (event.event === "playing") task = event.taskId;
const outcome: PlayOutcome = await played.outcome;

// @ts-expect-error: both have to meet in a room.
const roomless: PlayCall = { robot: "robot", callees: ["jack"], media: "audio", streamUrl };
// @ts-expect-error: the media are two words.
const holo: StartCall = { ...call, media: "holo" };
// @ts-expect-error: a misspelt property.
const misspelt: StartCall = { ...call, ringTimeOut: 1 };
void [holo, misspelt, roomless];

const checks = [record.result === "NormalEnd", mayHaveRung, room === 123, verdict.valid, task === outcome.taskId];
if (checks.includes(false)) throw new Error(`failed: ${checks}`);
console.log(JSON.stringify({ version: process.version, passed: checks.length }));
