import assert from "node:assert/strict";
import { test } from "node:test";
import { describedBy, openTab, soon } from "../harness/browser.mjs";
import { browser, files } from "../harness/stage.mjs";
import { addCallees, codeIn, goTo } from "../main-flow.mjs";

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
  const code = (name) => codeIn(page, name);
  await soon(async () => assert.match(await code("TypeScript"), /room: 4711,/));
  await soon(async () => assert.match(await code("Rust"), /\.room\(4711_u32\)\s+\.user_data\("it's \\"quoted\\" \\\\ and\\nbroken"\)/));
  await soon(async () => assert.match(await code("CLI"), /--room-number 4711/));
  await soon(async () => assert.match(await code("CLI"), /--user-data 'it'\\''s "quoted" \\ and\nbroken'/));
  await soon(async () => assert.match(await code("curl"), /usersig=\$USER_SIG/));
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
