import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkAccessibility, openBrowser, openTab, screenshot, soon } from "./harness/browser.mjs";
import { serveFiles } from "./harness/files.mjs";
import { look, looks } from "./harness/look.mjs";
import { addCallees, goTo, mainFlow } from "./main-flow.mjs";

let browser;
let files;
before(async () => {
  [browser, files] = await Promise.all([openBrowser(), serveFiles()]);
});
after(async () => {
  await browser?.close();
  await files?.close();
});

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

test("each vendor's phones show what they cut, and what is JSON in no language is a problem", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await page.getByRole("switch", { name: "Send a notification of my own" }).check();
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Dr. Rose Tyler of the practice on the corner");
  const phoneOf = (name) => page.getByRole("article", { name, exact: true });
  assert.equal(await phoneOf("Huawei").locator("del").count(), 0);
  await soon(async () => assert.equal(await phoneOf("Meizu").locator("del").textContent(), "e on the corner"));

  // What few need is folded away, by vendor and in each, until somebody wants it or it is in use.
  assert.equal(await page.getByRole("button", { name: "OPPO" }).count(), 0);
  await page.getByText(/^Options of single vendors: Huawei/).click();
  await page.getByRole("button", { name: "OPPO" }).waitFor();
  await page.getByRole("button", { name: "Apple" }).click();
  assert.equal(await page.getByRole("textbox", { name: "Live Activity" }).count(), 0);
  await page.getByText("Rarely needed").click();
  const live = page.getByRole("textbox", { name: "Live Activity" });
  await live.fill("{no json");
  await live.blur();
  await soon(async () => assert.match(await describedBy(live), /JSON object/));
  await page.getByText("Fix the notification's problems").waitFor();
  tab.check();
  await tab.close();
});

test("the request and the code say what the form says, and hold no secret", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "jack");
  await page.getByText("Numeric", { exact: true }).click();
  await page.getByRole("textbox", { name: "Number of the room" }).fill("4711");
  await page.getByRole("textbox", { name: "User data" }).fill(`it's "quoted" \\ and\nbroken`);
  await page.getByRole("tab", { name: "Request" }).click();
  const request = await page.getByRole("group", { name: "Request" }).textContent();
  assert.match(request, /"RoomId": "4711",\s+"RoomIdType": 1/);
  assert.match(request, /usersig=\(hidden\)&random=\(random\)/);

  await page.getByRole("tab", { name: "Code" }).click();
  const code = async (name) => {
    await page.getByRole("radiogroup", { name: "Language of the code" }).getByText(name, { exact: true }).click();
    return page.getByRole("group", { name, exact: true }).textContent();
  };
  await soon(async () => assert.match(await code("TypeScript"), /room: 4711,/));
  await soon(async () => assert.match(await code("Rust"), /\.room\(4711_u32\)\s+\.user_data\("it's \\"quoted\\" \\\\ and\\nbroken"\)/));
  await soon(async () => assert.match(await code("CLI"), /--room-number 4711/));
  await soon(async () => assert.match(await code("CLI"), /--user-data 'it'\\''s "quoted" \\ and\nbroken'/));
  await soon(async () => assert.match(await code("curl"), /usersig=\$USER_SIG/));
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

test("what is no number is refused and not made into another, and names are split wherever they were copied", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await page.getByText("Numeric", { exact: true }).click();
  const room = page.getByRole("textbox", { name: "Number of the room" });
  await room.pressSequentially("1e3");
  await room.blur();
  await soon(async () => assert.equal(await room.inputValue(), "1e3"));
  await soon(async () => assert.match(await describedBy(room), /not a whole number|Choose from 1/));
  await room.fill("4711");
  assert.equal(await room.getAttribute("aria-invalid"), null);
  const seconds = page.getByRole("textbox", { name: "Ring time in seconds" });
  await seconds.fill("5");
  await seconds.blur();
  await soon(async () => assert.match(await describedBy(seconds), /Choose from 10 sec to 10 min/));
  await seconds.fill("12.5");
  const callees = page.getByRole("combobox", { name: "Callees" });
  await callees.focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "jack\tjill，rose、mary；tom,ann");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.getByRole("tab", { name: "Request" }).click();
  const request = await page.getByRole("group", { name: "Request" }).textContent();
  for (const name of ["jack", "jill", "rose", "mary", "tom", "ann"]) assert.match(request, new RegExp(`"${name}"`));
  assert.match(request, /"Timeout": 12500/);
  tab.check();
  await tab.close();
});

test("the request that is shown has the room that the console adds to what is played", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "jack");
  await page.getByRole("textbox", { name: "Media URL to play on answer" }).fill("https://media.example/live");
  await page.getByRole("tab", { name: "Request" }).click();
  const request = await page.getByRole("group", { name: "Request" }).textContent();
  assert.match(request, /"RoomId": "console-\(random\)",\s+"RoomIdType": 2/);
  tab.check();
  await tab.close();
});

test("what is pressed stays where it is, though a problem shows as the field before it is left", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "robot", "jack", "jack");
  await page.getByRole("switch", { name: "Send a notification of my own" }).click();
  await page.getByRole("textbox", { name: "Title", exact: true }).waitFor();
  await page.getByText("robot is the robot, which cannot ring itself.").waitFor();
  await page.getByText("Callee 3: This is here twice: it is number 2 already.").waitFor();
  tab.check();
  await tab.close();
});

test("simulated users that were not saved outlive a look at another page, and samples can be made at any time", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await goTo(page, "Settings");
  await page.getByRole("button", { name: "Add a user" }).click();
  await page.getByRole("textbox", { name: "User", exact: true }).fill("rose");
  await goTo(page, "Records");
  const make = page.getByRole("button", { name: "Make 200 sample records" });
  await make.click();
  await page.getByRole("status").filter({ hasText: "Records: 2" }).waitFor();
  await make.click();
  await page.getByRole("button", { name: "Refresh" }).waitFor();
  await goTo(page, "Settings");
  await soon(async () => assert.equal(await page.getByRole("textbox", { name: "User", exact: true }).inputValue(), "rose"));
  await page.getByText("Not saved yet").waitFor();
  tab.check();
  await tab.close();
});

test("simulated users do what the settings say, and bad settings are explained", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await goTo(page, "Settings");
  await page.getByRole("button", { name: "Add a user" }).click();
  await page.getByRole("textbox", { name: "User", exact: true }).fill("rose");
  await page.getByRole("combobox", { name: "Does" }).selectOption("reject");
  await page.getByRole("textbox", { name: "After (ms)", exact: true }).fill("-1");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("alert").filter({ hasText: "afterMs" }).waitFor();
  await page.getByRole("textbox", { name: "After (ms)", exact: true }).fill("100");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();

  await goTo(page, "Place a call");
  await addCallees(page, "rose");
  await page.getByRole("button", { name: "Start the call" }).click();
  await goTo(page, "Live board");
  await page.getByRole("article", { name: "Call to rose" }).getByText("rose · rejected").waitFor();
  tab.check();
  await tab.close();
});

test("what is typed is kept over other pages and a reload, and is gone with the tab", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "jack");
  await page.getByRole("textbox", { name: "User data" }).fill("kept-in-memory");
  await goTo(page, "Settings");
  await goTo(page, "Place a call");
  const typed = page.getByRole("textbox", { name: "User data" });
  await soon(async () => assert.equal(await typed.inputValue(), "kept-in-memory"));
  await page.reload();
  await typed.waitFor();
  await soon(async () => assert.equal(await typed.inputValue(), "kept-in-memory"));
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, document.cookie]));
  assert.doesNotMatch(stored, /kept-in-memory/);
  const other = await openTab(browser, files.url, { context: tab.context });
  await soon(async () => assert.equal(await other.page.getByRole("textbox", { name: "User data" }).inputValue(), ""));
  tab.check();
  await tab.close();
});

test("a form is kept as a template when that is wanted, and fills in the form another day", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "jack", "jill");
  const menu = page.getByRole("button", { name: "Templates" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Keep this form as a template" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Night shift");
  await page.getByRole("button", { name: "Keep it" }).click();
  const other = await openTab(browser, files.url, { context: tab.context });
  await other.page.getByRole("button", { name: "Templates" }).click();
  await other.page.getByRole("menuitem", { name: "Night shift" }).click();
  await other.page.getByText("jill", { exact: true }).first().waitFor();
  await other.page.getByRole("tab", { name: "Request" }).click();
  await soon(async () => assert.match(await other.page.getByRole("group", { name: "Request" }).textContent(), /"jack",\s+"jill"/));
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

async function describedBy(input) {
  return input.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent ?? "")
      .join(" "),
  );
}

function focused(page) {
  return page.evaluate(() => document.activeElement?.textContent);
}
