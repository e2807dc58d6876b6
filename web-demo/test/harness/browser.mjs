// Chromium, and pages that notice whatever a good page does not do.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const OUTPUT = fileURLToPath(new URL("../../test-output/", import.meta.url));

/** Whether pages are looked at in every way, and pictures of them kept; or, which is sooner done, in one way. */
export const isEveryLookWanted = process.env.TRTC_CALL_LOOKS !== "one";

/** The widths that pages are looked at in. */
export const desktop = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };

/** Starts a browser with a fresh profile. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * A tab in a profile of its own. `tab.check()` fails if the page wrote an error, broke its policy or asked another
 * origin for anything; `expected` are errors that the test brings about itself.
 */
export async function openTab(browser, url, { viewport = desktop, scheme = "light", locale = "en-US", context } = {}) {
  const profile = context ?? (await browser.newContext({ viewport, colorScheme: scheme, locale, timezoneId: "Europe/Berlin" }));
  const page = await profile.newPage();
  page.setDefaultTimeout(20_000);
  const wrongs = [];
  const origin = new URL(url).origin;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrongs.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrongs.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (!["data:", "blob:"].includes(to.protocol) && to.origin !== origin) wrongs.push(`asked ${to.origin}`);
  });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
    });
  });
  await page.goto(url);
  return {
    page,
    context: profile,
    check(expected = /$^/) {
      assert.deepEqual(wrongs.filter((wrong) => !expected.test(wrong)), []);
    },
    close: () => profile.close(),
  };
}

/** Waits until what is asserted holds: a busy machine shows it later. */
export async function soon(assertion) {
  for (const deadline = Date.now() + 10_000; ; await sleep(50)) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** The page's address: the browser tells of a change later, which is when `page.url()` has it. */
export const addressOf = (page) => page.evaluate(() => location.href);

/** What is said of a field to who cannot see the page: its description and its problem. */
export async function describedBy(input) {
  return input.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" "),
  );
}

/** Fails if axe finds anything against WCAG 2.2 AA or its own best practices. */
export async function checkAccessibility(page, name) {
  await settle(page);
  // Evaluated by the browser's debugger, which the page's policy does not concern.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return found.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => ({ html: html.slice(0, 200), failureSummary })),
    }));
  });
  assert.deepEqual(violations, [], name);
}

/** Waits until nothing has moved for a while: what fades in has colours of its own, and may begin late. */
async function settle(page) {
  for (let round = 0, calm = 0; calm < 5 && round < 200; round += 1) {
    const isMoving = await page.evaluate(() =>
      document.getAnimations().some(({ effect }) => effect?.getTiming().iterations !== Infinity),
    );
    calm = isMoving ? 0 : calm + 1;
    await page.waitForTimeout(60);
  }
}

/** Writes what the whole page looks like to `test-output/`, in a window as high as the page, where every look is wanted. */
export async function screenshot(page, name) {
  if (!isEveryLookWanted) return;
  mkdirSync(OUTPUT, { recursive: true });
  const window = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: window.width, height: Math.max(height, window.height) });
  // What moves is let come to rest.
  await page.waitForTimeout(350);
  await page.screenshot({ path: `${OUTPUT}${name}.png` });
  await page.setViewportSize(window);
}
