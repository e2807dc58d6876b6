import assert from "node:assert/strict";
import { test } from "node:test";
import { checkAccessibility, describedBy, openTab, screenshot, soon } from "./harness/browser.mjs";
import { look, looks } from "./harness/look.mjs";
import { browser, files } from "./harness/stage.mjs";
import { addCallees, goTo, mainFlow } from "./main-flow.mjs";

test("without a server a visitor places a call, watches and ends it, and sees that it is simulated", async () => {
  const tab = await openTab(browser, files.url);
  await mainFlow(tab.page);
  await tab.page.getByLabel(/Simulated: no real phone rings/).waitFor();
  tab.check();
  await tab.close();
});

test("problems show beside their field, only once it was left, and the first one takes the focus", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  const robot = page.getByRole("textbox", { name: "Robot" });
  assert.equal(await page.locator('[aria-invalid="true"]').count(), 0, "an empty form does not scream");

  await robot.fill("not a user");
  await robot.blur();
  await soon(async () => assert.equal(await robot.getAttribute("aria-invalid"), "true"));
  await soon(async () => assert.match(await describedBy(robot), /The character “ ” cannot be used/));
  await soon(async () => assert.equal(await page.locator('[aria-invalid="true"]').count(), 1, "callees were not touched"));

  await page.getByRole("button", { name: "Start the call" }).click();
  await page.getByText("2 problems to fix").waitFor();
  const callees = page.getByRole("combobox", { name: "Callees" });
  await soon(async () => assert.match(await describedBy(callees), /Fill this in/));
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "combobox");
  await soon(async () => assert.equal(await callees.evaluate((input) => input === document.activeElement), true));

  await robot.fill("robot");
  await addCallees(page, "robot");
  await page.getByText("1 problem to fix").waitFor();
  await soon(async () => assert.match(await describedBy(callees), /robot/));
  tab.check();
  await tab.close();
});

test("everything can be done with the keyboard alone", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  await page.keyboard.press("Tab");
  await soon(async () => assert.equal(await focused(page), "Skip to the page's content"));
  await page.keyboard.press("Enter");
  await soon(async () => assert.equal(await focused(page), "Place a call"));
  await page.keyboard.press("Tab");
  await page.keyboard.type("jack");
  await page.keyboard.press("Enter");
  for (let fields = 0; (await focused(page)) !== "Start the call"; fields += 1) {
    assert.ok(fields < 60, "the button cannot be reached");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.getByText("The call was started").waitFor();
  await soon(async () => assert.match(await focused(page), /The call was started/));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Call to jack" }).waitFor();
  await soon(async () => assert.equal(await focused(page), "Call to jack"));
  tab.check();
  await tab.close();
});

test("Enter in a field of the form rings nobody", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "jack");
  for (const field of [
    page.getByRole("combobox", { name: "Callees" }),
    page.getByRole("textbox", { name: "Robot" }),
    page.getByRole("textbox", { name: "Ring time in seconds" }),
  ]) {
    await field.press("Enter");
  }
  assert.equal(await page.getByText("The call was started").count(), 0);
  await goTo(page, "Live board");
  await page.getByText("No calls yet").waitFor();
  tab.check();
  await tab.close();
});

test("the languages and the colours are kept over a reload", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitemradio", { name: "日本語" }).click();
  await page.getByRole("heading", { level: 1, name: "発信" }).waitFor();
  await page.getByRole("button", { name: "配色" }).click();
  await page.getByRole("menuitemradio", { name: "ダーク" }).click();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "発信" }).waitFor();
  await soon(async () => assert.equal(await page.getAttribute("html", "lang"), "ja"));
  await soon(async () => assert.equal(await page.getAttribute("html", "data-mantine-color-scheme"), "dark"));
  await page.getByRole("button", { name: "言語" }).click();
  await page.getByRole("menuitemradio", { name: "简体中文" }).click();
  await page.getByRole("heading", { level: 1, name: "发起呼叫" }).waitFor();
  tab.check();
  await tab.close();
});

test("an address that names no page says so", async () => {
  const tab = await openTab(browser, `${files.url}#/nowhere`);
  await tab.page.getByRole("heading", { level: 1, name: "There is no such page" }).waitFor();
  for (const call of ["nobody", "%", "%E0%A4%A"]) {
    await tab.page.goto(`${files.url}#/board/${call}`);
    await tab.page.getByRole("heading", { level: 1, name: "There is no such call on the board" }).waitFor();
  }
  await checkAccessibility(tab.page, "no such call");
  tab.check();
  await tab.close();
});

for (const { scheme, width, viewport } of looks({ theirs: ["dark", "phone"] })) {
  test(`the call, board and settings pages are accessible and look right: ${scheme}, ${width}`, async () => {
    const tab = await openTab(browser, files.url, { scheme, viewport });
    const { page } = tab;
    const see = (name) => look(page, `${name}-${scheme}-${width}`);
    const names = width === "phone" ? { board: "Board", settings: "Settings" } : { board: "Live board", settings: "Settings" };
    const go = async (name) => {
      const navigation = page.getByRole("navigation", { name: "Pages" });
      if (width !== "phone" || name === "Board") return navigation.getByRole("link", { name, exact: true }).click();
      await navigation.getByRole("button", { name: "More" }).click();
      await page.getByRole("menuitem", { name }).click();
    };
    await page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
    await see("call-empty");

    await page.getByRole("button", { name: "Start the call" }).click();
    await page.getByText(/to fix/).waitFor();
    await see("call-problems");

    await addCallees(page, "answer-200", "reject-1", "noanswer-1", "busy-1");
    await page.getByRole("switch", { name: "Send a notification of my own" }).check();
    await page.getByRole("textbox", { name: "Title", exact: true }).fill("Dr. Rose Tyler of the practice on the corner");
    await page.getByRole("textbox", { name: "Text", exact: true }).fill("She calls you about your appointment");
    await page.getByRole("button", { name: "Add a language" }).click();
    await page.getByRole("textbox", { name: "Language", exact: true }).fill("ja");
    await page.getByRole("textbox", { name: "Title", exact: true }).last().fill("お知らせ");
    await page.getByText(/^Options of single vendors/).click();
    await page.getByRole("button", { name: "Huawei" }).click();
    await page.waitForTimeout(300);
    await see("call-push");
    await page.getByRole("tab", { name: "Code" }).click();
    await see("call-code");
    await page.getByRole("button", { name: "Remove language" }).click();
    await page.getByRole("button", { name: "Start the call" }).click();
    await page.getByText("The call was started").waitFor();
    await see("call-started");

    await go(names.board);
    await page.getByText("answer-200 · in the call").waitFor();
    await see("board");
    await page.getByRole("link", { name: /Details of the call/ }).click();
    await page.getByRole("button", { name: "Packet: Reply to start_call_by_robot" }).click();
    await see("board-call");

    await go(names.settings);
    await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
    await page.getByRole("button", { name: "Add a user" }).click();
    await see("settings");
    tab.check();
    await tab.close();
  });
}

test("the board without calls teaches what to do", async () => {
  const tab = await openTab(browser, `${files.url}#/board`, { scheme: "dark" });
  await tab.page.getByRole("heading", { name: "No calls yet" }).waitFor();
  await checkAccessibility(tab.page, "empty board");
  await screenshot(tab.page, "board-empty-dark-desktop");
  await tab.page.getByRole("link", { name: "Place a call" }).last().click();
  await tab.page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  tab.check();
  await tab.close();
});

function focused(page) {
  return page.evaluate(() => document.activeElement?.textContent);
}
