// What stands between a stray key and a ringing phone. The account is the emulator of another process.
import assert from "node:assert/strict";
import { createServer, request as forward } from "node:http";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { checkAccessibility, openBrowser, openTab, phone, screenshot, soon } from "../harness/browser.mjs";
import { answerWith, refusal } from "../harness/canned.mjs";
import { serveFiles } from "../harness/files.mjs";
import { startConsole, startEmulator } from "../harness/server.mjs";
import { addCallees, goTo, ringForReal } from "../main-flow.mjs";

let browser;
let emulator;
let account;
let files;
before(async () => {
  [browser, emulator, files] = await Promise.all([openBrowser(), startEmulator(), serveFiles()]);
});
beforeEach(async () => {
  account = await startConsole({ isEmulated: false, env: emulator.env });
});
afterEach(async () => {
  await account?.stop();
});
after(async () => {
  await browser?.close();
  await emulator?.stop();
  await files?.close();
});

const rung = async () => (await fetch(`${emulator.env.TRTC_BASE_URL}/emulator/calls`)).json();

test("with an account a dialog names who will be rung, and neither Enter nor Escape in it rings anybody", async () => {
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  const before = (await rung()).length;
  await addCallees(page, "answer-300", "reject-1");
  const start = page.getByRole("button", { name: "Start the call: real phones ring" });
  await start.click();
  const question = page.getByRole("dialog", { name: "Ring 2 real phones?" });
  await question.waitFor();
  const said = await question.textContent();
  for (const fact of ["answer-300", "reject-1", "robot", emulator.env.TRTC_SDKAPPID, emulator.env.TRTC_BASE_URL]) {
    assert.ok(said.includes(fact), `${fact} in ${said}`);
  }
  await checkAccessibility(page, "the question");
  await screenshot(page, "real-phones-question-light-desktop");
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  await start.press("Enter");
  await question.waitFor();
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  assert.equal((await rung()).length, before, "nobody was rung");
  await ringForReal(page, 2);
  await page.getByText("The call was started").waitFor();
  assert.equal((await rung()).length, before + 1);
  tab.check();
  await tab.close();
});

test("a double click and a key that is held ring once, and neither where the first click asked", async () => {
  // So low that the question's button lies over the one that asks.
  const tab = await openTab(browser, account.url, { viewport: { width: 500, height: 440 } });
  const { page } = tab;
  const before = (await rung()).length;
  await addCallees(page, "jack");
  const start = page.getByRole("button", { name: "Start the call: real phones ring" });
  const question = page.getByRole("dialog", { name: "Ring 1 real phone?" });
  const ring = question.getByRole("button", { name: "Ring 1 phone" });

  await start.click();
  await ring.waitFor();
  await page.waitForTimeout(500);
  const [asking, answering] = [await start.boundingBox(), await ring.boundingBox()];
  const [x, y] = [answering.x + 2, Math.max(asking.y, answering.y) + 2];
  assert.ok(x < asking.x + asking.width && y < Math.min(asking.y + asking.height, answering.y + answering.height), "one over the other");
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  await page.mouse.dblclick(x, y, { delay: 100 });
  await page.waitForTimeout(500);
  assert.equal((await rung()).length, before, "nobody was rung");

  await page.mouse.dblclick(x, y, { delay: 20 });
  await page.getByText("The call was started").waitFor();
  await page.waitForTimeout(500);
  assert.equal((await rung()).length, before + 1, "two clicks");

  await start.click();
  await ring.focus();
  for (let repeat = 0; repeat < 6; repeat += 1) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await question.waitFor({ state: "detached" });
  await page.getByText("The call was started").waitFor();
  await page.waitForTimeout(500);
  assert.equal((await rung()).length, before + 2, "a held key");
  tab.check();
  await tab.close();
});

test("a start on its way is still known after a look at another page, and so is what came of it", async () => {
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  const before = (await rung()).length;
  let answer;
  const answered = new Promise((resolve) => {
    answer = resolve;
  });
  await page.route("**/api/calls", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const response = await route.fetch();
    await answered;
    await route.fulfill({ response });
  });
  await addCallees(page, "jack");
  const start = page.getByRole("button", { name: "Start the call: real phones ring" });
  await start.click();
  await page.getByRole("button", { name: "Ring 1 phone" }).click();
  await soon(async () => assert.equal((await rung()).length, before + 1));
  await goTo(page, "Records");
  await goTo(page, "Place a call");
  assert.ok(await start.isDisabled(), "it is on its way");
  await goTo(page, "Records");
  answer();
  await goTo(page, "Place a call");
  await page.getByText("The call was started").waitFor();
  // Who has seen it and comes back begins anew.
  await goTo(page, "Records");
  await goTo(page, "Place a call");
  await start.waitFor();
  assert.equal(await page.getByText("The call was started").count(), 0);
  assert.equal((await rung()).length, before + 1);
  tab.check();
  await tab.close();
});

test("a start that the browser sends again by itself, for the connection broke, rings once", async (t) => {
  const proxy = await startProxy(account.origin);
  t.after(proxy.stop);
  const tab = await openTab(browser, account.url.replace(account.origin, proxy.origin));
  const { page } = tab;
  const before = (await rung()).length;
  await addCallees(page, "jack");
  await ringForReal(page);
  const alert = page.getByRole("alert").filter({ hasText: "sent_twice" });
  await alert.waitFor();
  await soon(async () => assert.match(await alert.textContent(), /^A phone may have rung/));
  assert.equal(proxy.starts(), 2, "the browser sent it again");
  assert.equal((await rung()).length, before + 1);
  await ringForReal(page);
  await page.getByText("The call was started").waitFor();
  assert.equal((await rung()).length, before + 2);
  tab.check(/409/);
  await tab.close();
});

/** A proxy that loses the answer to the first start, as one does that is told to reload. */
async function startProxy(target) {
  let starts = 0;
  const server = createServer(async (request, response) => {
    const isStart = request.method === "POST" && request.url === "/api/calls";
    const isLost = isStart && (starts += 1) === 1;
    const { host, ...headers } = request.headers;
    if (headers.origin) headers.origin = target;
    const passed = forward(new URL(request.url, target), { method: request.method, headers }, (answer) => {
      if (isLost) return answer.resume().on("end", () => request.socket.destroy());
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    starts: () => starts,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

test("every page carries the mark of a live account, and no page of a simulation does", async () => {
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  for (const name of ["Live board", "Records", "Webhooks", "Tools", "Settings", "Place a call"]) {
    await goTo(page, name);
    await page.getByLabel(/A real account: real phones ring/).waitFor();
    await soon(async () => assert.equal(await borderOf(page), "3px solid", name));
  }
  tab.check();
  await tab.close();
  const simulated = await openTab(browser, files.url);
  await simulated.page.getByLabel(/Simulated: no real phone rings/).waitFor();
  assert.match(await borderOf(simulated.page), /^0px/);
  await simulated.page.getByRole("button", { name: "Start the call", exact: true }).waitFor();
  await simulated.close();
});

/** The page's outermost edge. */
const borderOf = (page) =>
  page.getByRole("banner").evaluate((header) => {
    const { borderTopWidth, borderTopStyle } = getComputedStyle(header.parentElement);
    return `${borderTopWidth} ${borderTopStyle}`;
  });

for (const [width, viewport] of [["desktop", undefined], ["phone", phone]]) {
  test(`a start that fails is in view and has the focus: ${width}`, async () => {
    const { page, tab } = await openRefusing(viewport, () => {
      throw refusal(422, { kind: "server", code: "internal_error", message: "it failed", mayHaveRung: true, requestId: "r-1" });
    });
    await ringForReal(page);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    await soon(async () => assert.match(await alert.textContent(), /^A phone may have rung/));
    await soon(async () => assert.deepEqual(await placeOf(alert), { isInView: true, hasFocus: true }));
    await screenshot(page, `start-failed-light-${width}`);
    await checkAccessibility(page, "a failed start");
    tab.check(/422/);
    await tab.close();
  });

  test(`a field that the service refuses is in view and has the focus: ${width}`, async () => {
    const { page, tab } = await openRefusing(viewport, () => {
      const problem = { field: "userData", rule: "is not for this account", fix: "leave it out" };
      throw refusal(400, { kind: "build", code: "invalid_request", message: "it failed", problems: [problem] });
    });
    await page.getByRole("textbox", { name: "User data" }).fill("x");
    await page.evaluate(() => scrollTo(0, 0));
    await ringForReal(page);
    const field = page.getByRole("textbox", { name: "User data" });
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
    await page.waitForTimeout(300);
    await soon(async () => assert.deepEqual(await placeOf(field), { isInView: true, hasFocus: true }));
    await page.getByText("is not for this account").waitFor();
    assert.equal(await page.getByRole("alert").count(), 0, "what the field says is not said again");
    tab.check(/400/);
    await tab.close();
  });
}

/** The form, filled in, with a server that answers a start as told. */
async function openRefusing(viewport, start) {
  const context = await browser.newContext({ locale: "en-US", ...(viewport && { viewport }) });
  await answerWith(context, { "POST calls": start });
  const tab = await openTab(browser, files.url, { context });
  const robot = tab.page.getByRole("textbox", { name: "Robot" });
  await robot.fill("robot");
  await addCallees(tab.page, "jack");
  return { page: tab.page, tab };
}

async function placeOf(locator) {
  return locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const focused = document.activeElement;
    const around = focused !== document.body && (focused.contains(element) || element.contains(focused));
    const x = element.getBoundingClientRect().left + 5;
    const seen = document.elementFromPoint(x, top + 5);
    return { isInView: top >= 0 && bottom <= innerHeight && element.contains(seen), hasFocus: around };
  });
}
