import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { addressOf, desktop, openTab, screenshot, soon } from "../harness/browser.mjs";
import { answerWith, refusal } from "../harness/canned.mjs";
import { look, looks } from "../harness/look.mjs";
import { browser, files } from "../harness/stage.mjs";

test("where there are no records yet, the page says when there will be some, and makes samples", async () => {
  const tab = await openTab(browser, `${files.url}#/records`);
  const { page } = tab;
  await page.getByText("A record is there about 5 seconds after a call's end").waitFor();
  await page.getByRole("button", { name: "Make 200 sample records" }).click();
  await page.getByRole("status").filter({ hasText: "Records: 200" }).waitFor();
  await soon(async () => assert.equal((await rows(page)).length, 25));
  tab.check();
  await tab.close();
});

test("records are filtered by the service, and searched and sorted as a whole", async () => {
  const tab = await openWith(records(60));
  const { page } = tab;
  await page.getByRole("button", { name: "Duration, sort by it" }).click();
  const durations = async () => (await rows(page)).map((cells) => cells.at(-1));
  const shortest = (await durations())[0];
  assert.equal(shortest, "–", "calls that nobody answered come first");
  await page.getByRole("button", { name: "Duration, sorted upwards" }).click();
  await soon(async () => assert.equal((await durations())[0], "59 sec", "the longest of all 60, and not of the first page"));

  await page.getByRole("searchbox", { name: "Search" }).fill("user-17");
  await page.getByRole("status").filter({ hasText: "Records: 1" }).waitFor();
  await soon(async () => assert.match((await rows(page))[0].join(), /user-17/));
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("status").filter({ hasText: "Records: 60" }).waitFor();

  await page.getByRole("combobox", { name: "Result" }).click();
  await page.getByRole("option", { name: "Rejected" }).click();
  await page.getByRole("status").filter({ hasText: "Records: 12" }).waitFor();
  assert.equal(tab.asked.at(-1).result, "Reject");
  tab.check();
  await tab.close();
});

test("times are chosen with the date picker, and what is wrong with them is said beside it", async () => {
  const tab = await openTab(browser, `${files.url}#/records`);
  const { page } = tab;
  await page.getByRole("button", { name: "Make 200 sample records" }).waitFor();
  const choose = async (field, moment) => {
    await page.getByRole("button", { name: field, exact: true }).click();
    await page.getByRole("button", { name: moment }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Next month" }).waitFor({ state: "detached" });
  };
  await choose("From", "An hour ago");
  await page.getByRole("heading", { name: "No record matches" }).waitFor();
  const chosen = await page.getByRole("button", { name: "From", exact: true }).textContent();
  assert.match(chosen, /^2\d{3}-\d\d-\d\d \d\d:\d\d$/);
  await choose("To", "A day ago");
  const problem = page.getByText(/must not be after|before|later/i).first();
  await problem.waitFor();
  await page.getByRole("button", { name: "Reset" }).click();
  await page.getByRole("heading", { name: "No records yet" }).waitFor();
  tab.check();
  await tab.close();
});

test("10,000 records stay fluent, and all of them are exported and charted", async () => {
  const tab = await openWith(records(10_000));
  const { page } = tab;
  await page.getByRole("status").filter({ hasText: "Records: 10,000" }).waitFor();
  assert.equal(tab.asked.length, 20, "no more requests than needed");
  await soon(async () => assert.equal((await rows(page)).length, 25, "only one page of them is in the document"));

  const took = async (act) => {
    const begun = performance.now();
    await act();
    return performance.now() - begun;
  };
  const sorting = await took(() => page.getByRole("button", { name: "Caller, sort by it" }).click());
  const searching = await took(async () => {
    await page.getByRole("searchbox", { name: "Search" }).fill("user-4242");
    await page.getByRole("status").filter({ hasText: "Records: 1" }).waitFor();
  });
  const paging = await took(async () => {
    await page.getByRole("searchbox", { name: "Search" }).fill("");
    await page.getByRole("status").filter({ hasText: "Records: 10,000" }).waitFor();
    await page.getByRole("button", { name: "400", exact: true }).click();
    await page.getByText("9,976–10,000 / 10,000").waitFor();
  });
  console.log(`10,000 records: sorting = ${sorting | 0} ms, searching = ${searching | 0} ms, paging = ${paging | 0} ms`);
  for (const time of [sorting, searching, paging]) assert.ok(time < 3000, `${time} ms is not fluent`);

  const lines = (await exported(page)).trim().split("\r\n");
  assert.equal(lines.length, 10_001);

  await page.getByRole("tab", { name: "Charts" }).click();
  const region = page.getByRole("region", { name: "Outcomes by day" });
  await region.getByText("The numbers as a table").click();
  const numbers = await region.getByRole("table").getByRole("cell").allTextContents();
  assert.equal(sum(numbers), 10_000);
  tab.check();
  await tab.close();
});

test("an export holds what was searched for, and no cell that a spreadsheet runs", async () => {
  const list = records(3);
  Object.assign(list[0], { caller: "=1+1", room: "+cmd|' /C calc'!A0", members: ["=1+1", "-a", 'q"uote'] });
  Object.assign(list[1], { caller: "@SUM(A1)", room: 123 });
  Object.assign(list[2], { caller: "\tTab", room: "123" });
  const tab = await openWith(list);
  const { page } = tab;
  await page.getByRole("status").filter({ hasText: "Records: 3" }).waitFor();
  const csv = await exported(page);
  assert.ok(csv.startsWith("\uFEFFcallId,caller,callees,mediaType,"), "Excel reads it as UTF-8");
  assert.doesNotMatch(csv.slice(1), /(^|,|\r\n)"?[=+\-@\t\r]/);
  assert.ok(csv.includes(`,'=1+1,"'-a;q""uote",`), csv);
  assert.ok(csv.includes(",'@SUM(A1),") && csv.includes(",'\tTab,"), csv);
  assert.match(csv, /,string,'\+cmd\|' \/C calc'!A0\r\n/);
  assert.match(csv, /,number,123\r\n/);
  assert.match(csv, /,string,123\r\n/);
  assert.match(csv, /,2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ,/);

  await page.getByRole("searchbox", { name: "Search" }).fill("@sum");
  await page.getByRole("status").filter({ hasText: "Records: 1" }).waitFor();
  assert.equal((await exported(page)).trim().split("\r\n").length, 2);
  tab.check();
  await tab.close();
});

test("when a page of records fails, what has come is kept, and the rest can be loaded", async () => {
  let isDown = true;
  const tab = await openWith(records(1200), ({ page }) => {
    if (page === "2" && isDown) throw refusal(502, { kind: "transport", code: "timeout", message: "no reply in time", retryable: true });
  });
  const { page } = tab;
  await page.getByRole("alert").filter({ hasText: "It is safe to try again" }).waitFor();
  await page.getByText("500 of 1,200 records are loaded").waitFor();
  await soon(async () => assert.equal((await rows(page)).length, 25));
  isDown = false;
  await page.getByRole("button", { name: "Load the rest" }).click();
  await page.getByRole("status").filter({ hasText: "Records: 1,200" }).waitFor();
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.deepEqual(tab.asked.map((asked) => asked.page), ["1", "2", "2", "3"]);
  tab.check(/502/);
  await tab.close();
});

test("loading can be stopped and gone on with", async () => {
  let goOn;
  const held = new Promise((resolve) => {
    goOn = resolve;
  });
  const tab = await openWith(records(1200), ({ page }) => (page === "2" ? held : undefined));
  const { page } = tab;
  await page.getByText("500 of 1,200 records loaded").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByText("500 of 1,200 records are loaded").waitFor();
  goOn();
  await page.getByRole("button", { name: "Load the rest" }).click();
  await page.getByRole("status").filter({ hasText: "Records: 1,200" }).waitFor();
  tab.check();
  await tab.close();
});

test("a record opens with the keyboard, has an address of its own, and gives the focus back", async () => {
  const tab = await openWith(records(5));
  const { page } = tab;
  const link = page.getByRole("button", { name: "Details of call call-0" });
  await link.focus();
  await page.keyboard.press("Enter");
  const details = page.getByRole("dialog", { name: "Record of a call" });
  await details.getByText("call-0", { exact: true }).waitFor();
  await soon(async () => assert.match(await addressOf(page), /#\/records\/call-0$/));
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  await soon(async () => assert.equal(await link.evaluate((element) => element === document.activeElement), true));
  tab.check();
  await tab.close();
});

test("a CallId that is not in the list can be asked for, and a record that is not there yet shows when it is", async () => {
  const tab = await openWith(records(2));
  const { page } = tab;
  await page.getByRole("searchbox", { name: "Search" }).fill("elsewhere");
  await page.getByRole("button", { name: "Ask for this CallId" }).click();
  const details = page.getByRole("dialog", { name: "Record of a call" });
  await details.getByText("elsewhere", { exact: true }).waitFor();
  await page.clock.install();
  await page.goto(`${files.url}#/records/later`);
  await details.getByRole("alert").getByText("It is looked for again every 5 sec").waitFor();
  await details.getByRole("alert").getByText(/record_not_found/).waitFor();
  await details.getByRole("navigation", { name: "Elsewhere" }).getByRole("link", { name: "Live board" }).waitFor();
  await page.clock.fastForward(5000);
  await details.getByText("Answered after").waitFor();
  assert.equal(await details.getByRole("alert").count(), 0);
  tab.check(/404/);
  await tab.close();
});

for (const { scheme, width, viewport } of looks({ theirs: ["light", "phone"] })) {
  test(`the records page is accessible and looks right: ${scheme}, ${width}`, async () => {
    const tab = await openTab(browser, `${files.url}#/records`, { scheme, viewport });
    const { page } = tab;
    const see = (name) => look(page, `${name}-${scheme}-${width}`);
    await page.getByRole("button", { name: "Make 200 sample records" }).waitFor();
    await see("records-empty");
    await page.getByRole("button", { name: "Make 200 sample records" }).click();
    await page.getByRole("table", { name: "Records" }).waitFor();
    await see("records");
    await page.getByRole("button", { name: "From", exact: true }).click();
    await page.getByRole("button", { name: "Next month" }).waitFor();
    await see("records-dates");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: /^Details of call/ }).first().click();
    await page.getByRole("dialog").waitFor();
    await see("records-details");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "Charts" }).click();
    await page.getByRole("img", { name: "Outcomes by day" }).waitFor();
    await page.getByText("The numbers as a table").first().click();
    await see("records-charts");
    tab.check();
    await tab.close();
  });
}

test("the records speak the page's language", async () => {
  for (const [locale, title] of [["zh-CN", "通话记录"], ["ja-JP", "通話記録"]]) {
    const tab = await openTab(browser, `${files.url}#/records`, { locale });
    const { page } = tab;
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await page.getByRole("button", { name: /200/ }).click();
    await page.getByRole("table").waitFor();
    await screenshot(page, `records-${locale}`);
    tab.check();
    await tab.close();
  }
});

/** The page on a server that has these records; `before` may refuse a request or hold it up. */
async function openWith(list, before = () => {}) {
  const context = await browser.newContext({ viewport: desktop, locale: "en-US", timezoneId: "Europe/Berlin" });
  const asked = [];
  let isThere = false;
  await answerWith(context, {
    async "GET records"(query) {
      asked.push(query);
      await before(query);
      const { result, page = 1, pageSize = 10 } = query;
      const matching = list.filter((record) => !result || record.result === result);
      const shown = matching.slice((page - 1) * pageSize, page * pageSize);
      return { requestId: "r", total: matching.length, page: shown.length === 0 ? 0 : Number(page), records: shown };
    },
    "GET records/elsewhere": () => ({ requestId: "r", record: { ...list[0], callId: "elsewhere" }, wasAnswered: true }),
    "GET records/later"() {
      const wasThere = isThere;
      isThere = true;
      if (!wasThere) throw refusal(404, { kind: "server", code: "record_not_found", message: "the call record does not exist", requestId: "r" });
      return { requestId: "r", record: { ...list[0], callId: "later" }, wasAnswered: true };
    },
  });
  const tab = await openTab(browser, `${files.url}#/records`, { context });
  await tab.page.getByRole("table", { name: "Records" }).waitFor();
  return { ...tab, asked };
}

/** Records of the last days: every fifth call is rejected, the others last as many seconds as their number. */
function records(count) {
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, index) => {
    const isRejected = index % 5 === 4;
    const startTime = now - 100 - index * 60;
    return {
      callId: `call-${index}`,
      caller: `robot-${index % 3}`,
      mediaType: "Audio",
      callType: "SingleCall",
      startTime,
      acceptTime: isRejected ? null : startTime + 3,
      endTime: isRejected ? startTime + 4 : startTime + 3 + ((index * 37) % 60),
      result: isRejected ? "Reject" : "NormalEnd",
      members: [`robot-${index % 3}`, `user-${index}`],
      room: null,
      wasAnswered: !isRejected,
    };
  });
}

/** The cells of each row of the table. */
async function rows(page) {
  const table = page.getByRole("table", { name: "Records" });
  await table.waitFor();
  return table.evaluate((element) =>
    [...element.querySelectorAll("tbody tr[data-with-row-border], tbody tr")]
      .map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent))
      .filter((cells) => cells.length > 1),
  );
}

async function exported(page) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export as CSV" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^trtc-call-records-\d{4}-\d\d-\d\d\.csv$/);
  return readFile(await download.path(), "utf8");
}

function sum(texts) {
  return texts.map((text) => Number(text.replaceAll(",", ""))).reduce((total, value) => total + value, 0);
}
