import assert from "node:assert/strict";
import { checkAccessibility, desktop, isEveryLookWanted, phone, screenshot } from "./browser.mjs";

const everyLook = ["light", "dark"].flatMap((scheme) => [
  { scheme, width: "desktop", viewport: desktop },
  { scheme, width: "phone", viewport: phone },
]);

/** How pages are looked at: in each theme at each width, or in the one look that is `theirs`. */
export function looks({ theirs: [scheme, width] }) {
  const isTheirs = (one) => one.scheme === scheme && one.width === width;
  return isEveryLookWanted ? everyLook : everyLook.filter(isTheirs);
}

/** Fails if what is shown is not accessible, or wider than the window; and writes what it looks like. */
export async function look(page, name) {
  await checkAccessibility(page, name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px too wide`);
  await screenshot(page, name);
}
