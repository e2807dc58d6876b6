// The types of error codes are written by hand; what they list is what there is.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const types = readFileSync(new URL("../dist/cjs/error-code.d.ts", import.meta.url), "utf8");
const listed = (type) => {
  const [, words] = new RegExp(`type ${type} = ([^;]*);`).exec(types);
  return [...words.matchAll(/"(\w+)"/g)].map(([, word]) => word).sort();
};
const catalogue = JSON.parse(execFileSync(process.env.TRTC_CALL, ["explain", "--json"]));
const names = (codes, unknown) => [...new Set([...codes.map(({ name }) => name), unknown])].sort();

test("the type of a command's error codes lists the catalogue", () => {
  assert.deepEqual(listed("CommandErrorCode"), names(catalogue.codes, "unknown_error_code"));
});

test("the type of an action's error codes lists the catalogue", () => {
  assert.deepEqual(listed("ActionErrorCode"), names(catalogue.cloudCodes, "cloud_error"));
});
