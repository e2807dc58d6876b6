import assert from "node:assert/strict";
import { checkAccessibility, screenshot } from "./browser.mjs";

/** Fails if what is shown is not accessible, or wider than the window; and writes what it looks like. */
export async function look(page, name) {
  // What fades in has colours of its own on the way.
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
    await Promise.all(moving.map(({ finished }) => finished.catch(() => {})));
  });
  await checkAccessibility(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
  await screenshot(page, name);
}
