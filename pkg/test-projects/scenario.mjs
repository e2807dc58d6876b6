// What every runtime must be able to do. A project hands over what it imported in its own way; `baseUrl` is the
// native emulator's, where the runtime can reach it. Returns what was checked; throws at the first failure.

const sdkAppId = 1400000001;
const secretKey = "the key of the test projects";
const admin = "administrator";

export async function scenario(api, baseUrl) {
  const { TrtcCall, OutcomeUnknownError, createEmulator } = api;
  const passed = [];
  const check = async (name, run) => {
    try {
      await run();
    } catch (error) {
      throw new Error(`${name}: ${error?.stack ?? error}`);
    }
    passed.push(name);
  };

  await check("a UserSig is signed, read and verified", () => {
    const token = api.UserSig.sign({ sdkAppId, secretKey, userId: "jack", expire: 60 });
    equal(api.UserSig.inspect(token).identifier, "jack");
    equal(api.UserSig.verify(token, { sdkAppId, secretKey, userId: "jack" }).valid, true);
    const { reason } = api.UserSig.verify(token, { sdkAppId, secretKey, userId: "jill" });
    equal(reason, "other_user");
  });

  await check("a PrivateMapKey keeps the kind of room", () => {
    for (const room of [123, "123"]) {
      const options = { sdkAppId, secretKey, userId: "jack", expire: 60, room };
      const token = api.PrivateMapKey.sign({ ...options, privileges: ["enter-room", "send-audio"] });
      equal(api.PrivateMapKey.inspect(token).grant.room, room);
    }
  });

  await check("an error code is explained", () => {
    equal(api.explainErrorCode(70001).name, "user_sig_expired");
  });

  await check("a webhook is verified, handled and answered, and a forgery refused", async () => {
    const { CallTimeline, createWebhookHandler, Webhook } = api;
    const token = "the token of the test projects";
    const body = `{"CallbackCommand":"Call.CallbackAfterMemberChanged","CallId":"call-1","UserList":[],
      "ChangedUserList":[{"User_Account":9007199254740993,"ActionType":"Accept"}],"EventTime":1000}`;
    const deliver = (token) =>
      Webhook.signForTest({ sdkAppId, token, url: "https://receiver.example/hook", body });
    const timeline = new CallTimeline("call-1");
    const onMember = (event, delivery) => timeline.add(delivery);
    const handler = createWebhookHandler({ sdkAppId, token, onMember });
    equal((await handler(deliver("another token"))).status, 401);
    equal(timeline.state.phase, "unknown");
    equal((await handler(deliver(token))).status, 200);
    equal(timeline.state.members["9007199254740993"], "in_call");
  });

  await check("all problems are listed", async () => {
    const trtc = new TrtcCall({ sdkAppId, secretKey, admin, region: "singapore" });
    const error = await trtc.startCall({ robot: "a b", callees: [], media: "holo" }).catch((e) => e);
    equal(error instanceof api.InvalidRequestError, true);
    equal(error.problems.length, 3);
  });

  await check("a call rings in process", async () => {
    const emulator = createEmulator({ sdkAppId, secretKey });
    const options = { sdkAppId, secretKey, admin, region: "singapore", fetch: emulator.fetch };
    const trtc = new TrtcCall(options);
    const call = { robot: "robot", callees: ["jack"], media: "video", room: "roomid-test" };
    const { callId } = await trtc.startCall(call);
    emulator.advance(2000);
    const { members } = await trtc.getCallInfo(callId);
    equal(members.length, 2);
    emulator.advance(10_000);
    equal((await trtc.getRecord(callId)).record.result, "NormalEnd");
    emulator.inject({ fault: "cut_before_reply" });
    const error = await trtc.startCall({ ...call, callees: ["jill"] }).catch((e) => e);
    equal(error instanceof OutcomeUnknownError, true);
    equal(emulator.rings("jill"), 1);
  });

  const checkPlayed = async (emulator, options) => {
    const streamUrl = `https://example.com/${crypto.randomUUID()}/plays-500.mp3`;
    const trtc = new TrtcCall({ sdkAppId, secretKey, admin, ...options });
    const callee = `answer-0-${crypto.randomUUID().slice(0, 8)}`;
    const room = `played-${crypto.randomUUID()}`;
    const plan = { robot: "robot", callees: [callee], media: "audio", room, streamUrl, pollInterval: 250 };
    const call = trtc.playCall(plan);
    const events = [];
    for await (const { event } of call) events.push(event);
    equal(events.join(), "ringing,member,playing,media_ended,ending,ended");
    const { reason, record, taskId } = await call.outcome;
    equal(reason, "media_ended");
    equal(record.result, "NormalEnd");
    equal(await emulator.rings(callee), 1);
    const ingests = (await emulator.ingests()).filter((ingest) => ingest.streamUrl === streamUrl);
    equal(ingests.length, 1);
    equal(ingests[0].taskId, taskId);
    equal(ingests[0].end === null, false);
  };

  const playedInProcess = () => check("a call is played into in process", async () => {
    const emulator = createEmulator({ sdkAppId, secretKey });
    const { fetch } = emulator;
    await checkPlayed(emulator, { region: "singapore", fetch, cloud: api.testCredential });
  });
  const others = baseUrl === undefined ? undefined : overTcp(api, baseUrl, { check, checkPlayed });
  await Promise.all([playedInProcess(), others]);
  return passed;
}

async function overTcp(api, baseUrl, { check, checkPlayed }) {
  const { TrtcCall, OutcomeUnknownError } = api;
  const control = async (path, body) => {
    const init = body && { method: "POST", body: JSON.stringify(body) };
    return (await fetch(`${baseUrl}/emulator/${path}`, init)).json();
  };
  const trtc = new TrtcCall({ sdkAppId, secretKey, admin, baseUrl, retryPolicy: { baseDelay: 1 } });
  const ring = (callee) => trtc.startCall({ robot: "robot", callees: [callee], media: "audio", room: 5 });
  const someone = () => `answer-0-${crypto.randomUUID().slice(0, 8)}`;

  await check("a call rings over TCP", async () => {
    const jack = someone();
    const { callId, callees } = await ring(jack);
    equal(callees[0].wasRung, true);
    equal((await trtc.getCallInfo(callId)).room, 5);
    await trtc.endCall(callId);
    equal((await control("rings"))[jack], 1);
  });

  for (const fault of ["cut_before_reply", "cut_mid_reply", "malformed_json"]) {
    await check(`a call that may have rung is not sent again over TCP: ${fault}`, async () => {
      const jack = someone();
      // The connection has been used before: some clients repeat what fails on such.
      await trtc.endCall("c-1").catch(() => {});
      await control("faults", { fault, command: "start_call_by_robot" });
      const error = await ring(jack).catch((e) => e);
      equal(error instanceof OutcomeUnknownError, true);
      equal((await control("rings"))[jack], 1);
    });
  }

  await check("a call that had no effect is sent again over TCP", async () => {
    const jack = someone();
    await control("faults", { fault: "rate_limit", requests: 2, command: "start_call_by_robot" });
    equal((await ring(jack)).callees[0].wasRung, true);
    equal((await control("rings"))[jack], 1);
  });

  await check("a call is played into over TCP", async () => {
    const emulator = {
      rings: async (user) => (await control("rings"))[user],
      ingests: () => control("ingests"),
    };
    await checkPlayed(emulator, { baseUrl, cloud: { ...api.testCredential, baseUrl } });
  });
}

function equal(found, expected) {
  if (!Object.is(found, expected)) {
    throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
}
