// Advice on a call: what it says, and that it is never asked of a call that breaks rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { advise, InvalidRequestError } from "trtc-call";

const call = { robot: "robot", callees: ["jack"], media: "video" };

test("a call without a push needs no advice", () => {
  assert.deepEqual(advise(call), []);
});

test("a title that is too long comes with what each phone will show", () => {
  const title = `Dr. Rose ${"😀".repeat(12)}`;
  const [{ message, fix, ...advice }] = advise({ ...call, offlinePush: { title } });
  assert.deepEqual(advice, {
    code: "text_cut",
    field: "offlinePush.title",
    parameters: { found: 33, max: 32 },
    vendor: "meizu",
    shown: `Dr. Rose ${"😀".repeat(10)}...`,
  });
  assert.match(message, /32 UTF-16 units; it has 33/);
  assert.ok(fix.length > 0);
});

test("the service's own spelling is read too", () => {
  const [{ code }] = advise({ ...call, offlinePush: { ApnsInfo: { IsVoipPush: 1 } } });
  assert.equal(code, "voip_without_fallback");
});

test("a push that breaks rules is refused with all of them", () => {
  const offlinePush = { android: { oppoNotifyLevel: 2 }, badgeAddNum: 100 };
  assert.throws(
    () => advise({ ...call, ringTimeout: 1, offlinePush }),
    (error) => {
      assert.ok(error instanceof InvalidRequestError);
      const fields = error.problems.map(({ field }) => field);
      assert.deepEqual(fields, [
        "ringTimeout",
        "offlinePush.android.oppoNotifyLevel",
        "offlinePush.badgeAddNum",
      ]);
      return true;
    },
  );
});

test("names outside the UserID rule need the opt-out", () => {
  const older = { ...call, callees: ["jack.smith"] };
  assert.throws(() => advise(older), InvalidRequestError);
  assert.deepEqual(advise(older, { allowAnyUserId: true }), []);
});
