const { createWebhookHandler, InvalidRequestError, OutcomeUnknownError, TrtcCall, UserSig, Webhook } = require("trtc-call");
const { createEmulator } = require("trtc-call/testing");

const application = { sdkAppId: 1400000001, secretKey: "the key of the test projects" };
const account = { ...application, admin: "administrator", region: "singapore" };
const call = { robot: "robot", callees: ["jack"], media: "video" };

test("a UserSig is signed and verified", () => {
  const token = UserSig.sign({ ...application, userId: "jack", expire: 60 });
  expect(UserSig.verify(token, { ...application, userId: "jack" })).toMatchObject({ valid: true });
  expect(() => UserSig.sign({ ...application, userId: "a b", expire: 60 })).toThrow(InvalidRequestError);
});

test("a call rings once, whatever happens", async () => {
  const emulator = createEmulator(application);
  const trtc = new TrtcCall({ ...account, fetch: emulator.fetch });
  const { callees } = await trtc.startCall(call);
  expect(callees).toMatchObject([{ userId: "jack", wasRung: true }]);
  emulator.inject({ fault: "cut_before_reply" });
  await expect(trtc.startCall({ ...call, callees: ["jill"] })).rejects.toThrow(OutcomeUnknownError);
  expect(emulator.rings("jill")).toBe(1);
});

test("a webhook is verified and handled", async () => {
  const { sdkAppId } = application;
  const body = {
    CallbackCommand: "Call.CallbackAfterMemberChanged",
    CallId: "call-1",
    UserList: [],
    ChangedUserList: [{ User_Account: "jack", ActionType: "Accept" }],
    EventTime: 1000,
  };
  const request = Webhook.signForTest({ sdkAppId, token: "token", url: "https://receiver.example/", body });
  const handler = createWebhookHandler({ sdkAppId, token: "token" });
  expect((await handler(request)).status).toBe(200);
});
