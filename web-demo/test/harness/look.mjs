import assert from "node:assert/strict";
import { checkAccessibility, screenshot } from "./browser.mjs";

/** Fails if what is shown is not accessible, or wider than the window; and writes what it looks like. */
export async function look(page, name) {
  await checkAccessibility(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
  await screenshot(page, name);
}
