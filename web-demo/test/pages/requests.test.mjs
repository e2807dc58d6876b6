// The log of what was said to the service, and how one thing leads to another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, openTab, soon } from "../harness/browser.mjs";
import { look, looks } from "../harness/look.mjs";
import { startConsole } from "../harness/server.mjs";
import { browser, files } from "../harness/stage.mjs";
import { addCallees, endCall, goTo, ringForReal } from "../main-flow.mjs";

async function ring(page, ...names) {
  await addCallees(page, ...names);
  await page.getByRole("button", { name: "Start the call" }).click();
  await page.getByText("The call was started").waitFor();
}

test("every request is listed, searched, looked into and sent again where that is safe, and never where it rings", async () => {
  const server = await startConsole();
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  try {
    await ring(page, "answer-200-stay");
    await goTo(page, "Requests");
    await page.getByRole("button", { name: /^Details of start_call_by_robot/ }).click();
    const drawer = page.getByRole("dialog", { name: "Request" });
    const request = drawer.getByRole("group", { name: "Request" });
    await soon(async () => assert.match(await request.textContent(), /usersig=\(hidden\)[^]*\n {2}"CalleeList_Account": \[\n/));
    await soon(async () => assert.match(await drawer.getByRole("group", { name: "Reply" }).textContent(), /HTTP 200[^]*"CallId"/));
    await drawer.getByText("it would do something a second time").waitFor();
    assert.equal(await drawer.getByRole("button", { name: "Send again" }).count(), 0);
    await page.keyboard.press("Escape");

    await page.getByRole("combobox", { name: "Command" }).click();
    await page.getByRole("option", { name: "get_call_info" }).click();
    const found = page.getByRole("status").filter({ hasText: /Requests: [1-9]/ });
    await found.waitFor();
    await soon(async () => assert.match(await addressOf(page), /command=get_call_info/));
    await page.reload();
    await page.getByRole("button", { name: /^Details of get_call_info/ }).first().click();
    await drawer.getByRole("button", { name: "Send again" }).click();
    await drawer.getByText("It was sent again").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause" }).click();
    const before = await found.textContent();
    await page.waitForTimeout(3500);
    assert.equal(await found.textContent(), before, "nothing new while it is paused");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForFunction((text) => !document.body.innerText.includes(text), before);
    tab.check(/404/);
  } finally {
    await tab.close();
    await server.stop();
  }
});

test("failures are grouped by their code, and each code has an address where it is explained", async () => {
  const tab = await openTab(browser, `${files.url}#/records/no-such-call`);
  const { page } = tab;
  await page.getByRole("dialog").getByRole("alert").waitFor();
  await page.goto(`${files.url}#/requests?show=failed`);
  const groups = page.getByRole("region", { name: "Failures by code" });
  await groups.getByText("101050").waitFor();
  await groups.getByRole("link", { name: /The call record does not exist/ }).click();
  await page.getByRole("heading", { level: 1, name: "Tools" }).waitFor();
  await soon(async () => assert.match(await addressOf(page), /#\/tools\/error-codes\?search=101050$/));
  await page.getByRole("status").filter({ hasText: /^1 code$/ }).waitFor();
  await page.getByRole("row").filter({ hasText: "record_not_found" }).waitFor();
  tab.check();
  await tab.close();
});

test("a call leads from the board to its webhooks, its requests and its record, and back", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await ring(page, "answer-100-hangup-200");
  await page.getByRole("link", { name: "Watch it on the board" }).click();
  await page.getByRole("region", { name: "Timeline", exact: true }).getByText(/The call ended/).waitFor();
  const callId = (await addressOf(page)).split("/").at(-1);
  const elsewhere = page.getByRole("navigation", { name: "Elsewhere" });
  await elsewhere.getByRole("link", { name: "Webhooks" }).click();
  await page.getByRole("status").filter({ hasText: /Deliveries: [34]/ }).waitFor();
  await page.getByRole("button", { name: /^Details of AfterEndCall/ }).click();
  await elsewhere.getByRole("link", { name: "Requests" }).click();
  await page.getByRole("button", { name: /^Details of start_call_by_robot/ }).click();
  // The service has a record some seconds after its call: the page gets it by itself.
  await elsewhere.getByRole("link", { name: "Records" }).click();
  await page.getByRole("dialog", { name: "Record of a call" }).getByText("Answered after").waitFor();
  await elsewhere.getByRole("link", { name: "Live board" }).click();
  await page.getByRole("heading", { level: 1, name: "Call to answer-100-hangup-200" }).waitFor();
  await page.getByRole("button", { name: `Copy: ${callId}` }).waitFor();
  tab.check();
  await tab.close();
});

test("the board is searched, a table when that is wanted, and a call is placed again with what it was made of", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await page.getByText("Numeric", { exact: true }).click();
  await page.getByRole("textbox", { name: "Number of the room" }).fill("4711");
  await ring(page, "answer-200-stay", "reject-1");
  await goTo(page, "Live board");
  await page.getByText("Table", { exact: true }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("nobody-of-that-name");
  await page.getByText("No call matches").waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("reject-1");
  await soon(async () => assert.match(await addressOf(page), /as=table&search=reject-1/));
  await page.reload();
  await page.goto(`${files.url}#/`);
  await ring(page, "answer-100-stay");
  await page.goto(`${files.url}#/board?as=table`);
  await page.getByRole("table", { name: "Calls" }).getByRole("cell", { name: "robot", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: /^Call to/ }).waitFor();
  await page.getByRole("img", { name: /in the call: / }).first().waitFor();
  await page.getByRole("button", { name: "Call again" }).click();
  await page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  assert.equal(await page.getByText("The call was started").count(), 0, "nobody is rung by that");
  tab.check();
  await tab.close();
});

test("the board and the record say the same of how long a call lasted", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await ring(page, "answer-2500-hangup-3000");
  await page.getByRole("link", { name: "Watch it on the board" }).click();
  const timeline = page.getByRole("region", { name: "Timeline", exact: true });
  await timeline.getByText(/The call ended/).waitFor({ timeout: 30_000 });
  await page.getByRole("link", { name: "All calls" }).click();
  const card = await page.getByRole("article").textContent();
  const lasted = /lasted (\d+ sec)/.exec(card)?.[1];
  assert.ok(lasted, card);
  await page.waitForTimeout(5500);
  await goTo(page, "Records");
  await page.getByRole("button", { name: /^Details of call/ }).click();
  await soon(async () => assert.match(await page.getByRole("dialog").textContent(), new RegExp(`Duration${lasted}`)));
  tab.check();
  await tab.close();
});

test("everything is found from everywhere: a page, a call, a code", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await ring(page, "answer-200-stay");
  await page.keyboard.press("Control+k");
  const search = page.getByRole("dialog", { name: "Search everywhere" });
  const field = search.getByRole("searchbox", { name: "Search everywhere" });
  await field.fill("answer-200");
  await search.getByRole("button", { name: /^answer-200-stay/ }).click();
  await page.getByRole("heading", { level: 1, name: "Call to answer-200-stay" }).waitFor();
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await field.fill("70001");
  await page.keyboard.press("Enter");
  await page.getByRole("row").filter({ hasText: "user_sig_expired" }).waitFor();
  await page.keyboard.press("Control+k");
  await field.fill("settings");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  tab.check();
  await tab.close();
});

test("ending a call asks first, and Enter in the question ends nobody's", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await ring(page, "answer-200-stay");
  await goTo(page, "Live board");
  await page.getByText("answer-200-stay · in the call").waitFor();
  await page.getByRole("button", { name: /^End call/ }).click();
  const question = page.getByRole("dialog", { name: /^End the call to answer-200-stay/ });
  await question.waitFor();
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  await page.getByText("answer-200-stay · in the call").waitFor();
  await endCall(page);
  await page.getByRole("article").getByText("Ended", { exact: true }).waitFor();
  tab.check();
  await tab.close();
});

test("settings say whether the service takes the account, sign out, and let another browser in", async () => {
  const account = await startConsole({
    isEmulated: false,
    env: { TRTC_ADMIN: "administrator", TRTC_BASE_URL: "http://127.0.0.1:9" },
  });
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  try {
    await goTo(page, "Settings");
    const works = page.getByRole("region", { name: "What works" });
    await works.getByText("Not tried yet").waitFor();
    await works.getByRole("button", { name: "Check the connection" }).click();
    await works.getByRole("alert").filter({ hasText: "The service cannot be reached" }).waitFor();
    await works.getByText("Not reached").waitFor();
    const session = page.getByRole("region", { name: "Session" });
    await session.getByRole("button", { name: "Let another browser in" }).click();
    const url = await session.getByRole("group", { name: "Let another browser in" }).textContent();
    const other = await openTab(browser, url);
    await other.page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
    await session.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("alert").filter({ hasText: "This page has no session" }).waitFor();
    await goTo(other.page, "Settings");
    await addCallees((await goTo(other.page, "Place a call"), other.page), "jack");
    await ringForReal(other.page);
    await other.page.getByRole("alert").filter({ hasText: "No reply from the service" }).waitFor();
    other.check(/status of 5\d\d/);
    await other.close();
    tab.check(/status of (5\d\d|401)/);
  } finally {
    await tab.close();
    await account.stop();
  }
});

test("no column of a table is cut off or squeezed on a tablet: those that do not fit are in the details", async () => {
  const tab = await openTab(browser, files.url, { viewport: { width: 820, height: 1100 } });
  const { page } = tab;
  await ring(page, "answer-200-stay", "reject-1", "busy-1");
  for (const [address, name] of [
    ["board?as=table", "Calls"],
    ["webhooks", "Deliveries"],
    ["requests", "Requests"],
    ["tools/error-codes", "What does an error code mean?"],
  ]) {
    await page.goto(`${files.url}#/${address}`);
    const table = page.getByRole("table", { name });
    await table.getByRole("row").nth(1).waitFor();
    const cut = await table.evaluate((element) => {
      const { right } = element.closest("main").getBoundingClientRect();
      const cells = [...element.querySelectorAll("th, td")].filter((cell) => cell.checkVisibility());
      return cells.filter((cell) => cell.getBoundingClientRect().right > right).map((cell) => cell.textContent);
    });
    assert.deepEqual(cut, [], address);
  }
  tab.check();
  await tab.close();
});

for (const { scheme, width, viewport } of looks({ theirs: ["dark", "desktop"] })) {
  test(`the requests, the search and the board's table are accessible and look right: ${scheme}, ${width}`, async () => {
    const tab = await openTab(browser, files.url, { scheme, viewport });
    const { page } = tab;
    const see = (name) => look(page, `${name}-${scheme}-${width}`);
    await ring(page, "answer-200-stay", "reject-1", "busy-1");
    await page.goto(`${files.url}#/records/no-such-call`);
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await page.goto(`${files.url}#/requests`);
    await page.getByRole("region", { name: "Failures by code" }).waitFor();
    await see("requests");
    await page.getByRole("button", { name: /^Details of start_call_by_robot/ }).click();
    await page.getByRole("group", { name: "Reply" }).waitFor();
    await see("requests-details");
    await page.goto(`${files.url}#/board?as=table`);
    await page.getByRole("table", { name: "Calls" }).waitFor();
    await see("board-table");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("searchbox", { name: "Search everywhere" }).fill("an");
    await see("search");
    tab.check();
    await tab.close();
  });
}
