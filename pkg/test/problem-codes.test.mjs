import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { build, InvalidRequestError } from "trtc-call";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

test("the types know every code of a problem that the core knows, and no other", () => {
  const core = [...read("../../crates/core/src/problem_code.rs").matchAll(/= "([a-z0-9_]+)",/g)].map(([, code]) => code);
  const union = /export type ProblemCode =\n((?: {2}\| "[a-z0-9_]+";?\n)+)/.exec(read("../src/errors.ts"))[1];
  const types = [...union.matchAll(/"([a-z0-9_]+)"/g)].map(([, code]) => code);
  assert.ok(core.length > 30);
  assert.deepEqual(types.sort(), core.sort());
});

test("a problem has a code with parameters beside its words", () => {
  const account = { sdkAppId: 1400000001, admin: "administrator", userSig: "sig", region: "singapore" };
  const call = { robot: "robot", callees: ["jack", "robot", "jack"], media: "video", ringTimeout: 5 };
  assert.throws(
    () => build.startCallByRobot(call, account),
    (error) => {
      assert.ok(error instanceof InvalidRequestError);
      const coded = Object.fromEntries(error.problems.map(({ field, code, parameters }) => [field, { code, parameters }]));
      assert.deepEqual(coded, {
        "callees[1]": { code: "callee_is_robot", parameters: { user: "robot" } },
        "callees[2]": { code: "given_twice", parameters: { first: 0 } },
        ringTimeout: { code: "out_of_range", parameters: { from: 10_000, to: 600_000, found: 5, unit: "ms" } },
      });
      for (const { rule, fix } of error.problems) assert.ok(rule && fix);
      return true;
    },
  );
});
