import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { addressOf, checkAccessibility, openBrowser, openTab, screenshot, soon } from "./harness/browser.mjs";
import { MARKED_KEY, program, startConsole, startEmulator } from "./harness/server.mjs";
import { addCallees, codeIn, endCall, goTo, mainFlow, ringForReal } from "./main-flow.mjs";

let browser;
let server;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});
beforeEach(async () => {
  server = await startConsole();
});
afterEach(async () => {
  await server?.stop();
});

/** A browser's own words about a server that is away, which no page can keep it from writing. */
const AWAY = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|Failed to load resource/;

test("with the server and its emulator a call is placed, watched and ended", async () => {
  const tab = await openTab(browser, server.url);
  await mainFlow(tab.page);
  await tab.page.getByLabel(/The server runs the emulator/).waitFor();
  tab.check();
  await tab.close();
});

test("the token leaves the address at once, and a reload goes on without it", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  await page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  assert.doesNotMatch(await addressOf(page), /token/);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  tab.check();
  await tab.close();
});

test("an address opens the console once: it is worth nothing in the history, and the browser that used it goes on", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  const form = page.getByRole("heading", { level: 1, name: "Place a call" });
  await form.waitFor();
  const other = await openTab(browser, server.url);
  await other.page.getByRole("alert").filter({ hasText: "This address was opened before" }).waitFor();
  assert.doesNotMatch(await addressOf(other.page), /token/);
  other.check(/status of 401/);
  await other.close();
  await page.goto("about:blank");
  await page.goto(server.url);
  await form.waitFor();
  tab.check(/status of 401/);
  await tab.close();
});

test("a new address that is pasted into an open tab opens the session, wherever the page was", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  await goTo(page, "Settings");
  const { port } = server;
  await server.stop();
  server = await startConsole({ port });
  await page.getByRole("status").filter({ hasText: "The session is over" }).waitFor();
  const before = await addressOf(page);
  const seen = [];
  await page.exposeFunction("seen", (hash) => seen.push(hash));
  await page.evaluate(() => addEventListener("hashchange", () => globalThis.seen(location.hash)));
  await page.evaluate((url) => location.assign(url), server.url);
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  assert.equal(await addressOf(page), before);
  assert.deepEqual(seen.filter((hash) => hash.includes("token")), [], "out of the address at once");
  tab.check(new RegExp(`${AWAY.source}|status of 40[13]`));
  await tab.close();
});

test("a server that hangs is no longer called live, and is when it goes on", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  const status = (text) => page.getByRole("status").filter({ hasText: text });
  await status("Live").waitFor();
  server.signal("SIGSTOP");
  await status("Connection lost").waitFor({ timeout: 20_000 });
  server.signal("SIGCONT");
  await status("Live").waitFor();
  tab.check(AWAY);
  await tab.close();
});

test("no page of another origin puts a call on the board, though webhooks are unsigned", async () => {
  const account = await startConsole({
    isEmulated: false,
    options: ["--unsigned-webhooks"],
    env: { TRTC_ADMIN: "administrator", TRTC_BASE_URL: "http://127.0.0.1:9", TRTC_WEBHOOK_TOKEN: "" },
  });
  const evil = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<title>evil</title>"));
  await new Promise((resolve) => evil.listen(0, "127.0.0.1", resolve));
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  try {
    await goTo(page, "Webhooks");
    await page.getByRole("alert").filter({ hasText: "Webhooks are not signed" }).waitFor();
    const visitor = await tab.context.newPage();
    await visitor.goto(`http://127.0.0.1:${evil.address().port}/`);
    const body = JSON.stringify({ CallbackCommand: "Call.CallbackAfterStartCall", EventTime: Date.now(), CallInfo: { CallId: "forged", MediaType: "Video", ChatGroupId: "", RoomId: "", RoomIdType: 0 }, UserList: [] });
    const query = "SdkAppid=1400000001&CallbackCommand=Call.CallbackAfterStartCall&contenttype=json";
    await visitor.evaluate(
      ([url, text]) => fetch(url, { method: "POST", mode: "no-cors", body: text }),
      [`${account.origin}/webhooks/calls?${query}`, body],
    );
    await page.bringToFront();
    // As a server sends it, it is taken: the page has heard of the other one by then.
    const told = body.replace("forged", "told-by-a-server");
    const taken = await fetch(`${account.origin}/webhooks/calls?${query}`, { method: "POST", body: told });
    assert.equal(taken.status, 200);
    const row = page.getByRole("row").filter({ hasText: "told-by-a-server" });
    await row.getByText("Unsigned").last().waitFor();
    assert.equal(await row.getByText("Refused").count(), 0);
    await goTo(page, "Live board");
    const search = page.getByRole("searchbox", { name: "Search" });
    await search.fill("told-by-a-server");
    await page.getByRole("article").waitFor();
    await search.fill("forged");
    await page.getByText("No call matches").waitFor();
    tab.check();
  } finally {
    evil.close();
    await tab.close();
    await account.stop();
  }
});

test("who has no session is told how to get one", async () => {
  const tab = await openTab(browser, `${server.origin}/`);
  await tab.page.getByRole("alert").filter({ hasText: "This page has no session" }).waitFor();
  await checkAccessibility(tab.page, "no session");
  await screenshot(tab.page, "no-session-light-desktop");
  tab.check(/status of 401|status of 403/);
  await tab.close();
});

test("two tabs see the same call at once", async () => {
  const one = await openTab(browser, server.url);
  await one.page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  const other = await openTab(browser, `${server.origin}/#/board`, { context: one.context });
  await other.page.getByText("No calls yet").waitFor();

  await one.page.bringToFront();
  await addCallees(one.page, "answer-300");
  await one.page.getByRole("button", { name: "Start the call" }).click();
  await one.page.getByText("The call was started").waitFor();
  await goTo(one.page, "Live board");
  for (const { page } of [one, other]) await page.getByText("answer-300 · in the call").waitFor();

  await other.page.bringToFront();
  await endCall(other.page);
  await one.page.bringToFront();
  for (const { page } of [one, other]) {
    await page.getByRole("article", { name: "Call to answer-300" }).getByText("Ended", { exact: true }).waitFor();
  }
  one.check();
  other.check();
  await one.close();
});

test("a server that is killed and comes back in the middle of a call is found again", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  await addCallees(page, "answer-300");
  await page.getByRole("button", { name: "Start the call" }).click();
  await page.getByText("The call was started").waitFor();
  await goTo(page, "Live board");
  await page.getByText("answer-300 · in the call").waitFor();

  await server.stop("SIGKILL");
  await page.getByRole("alert").filter({ hasText: "The connection is lost" }).waitFor();
  await page.getByRole("status").filter({ hasText: "Connection lost" }).waitFor();
  await checkAccessibility(page, "connection lost");
  await screenshot(page, "board-lost-light-desktop");

  const { port, key } = server;
  server = await startConsole({ port, key });
  await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
  await goTo(page, "Place a call");
  await page.getByRole("button", { name: "Clear the form" }).click();
  await addCallees(page, "reject-2");
  await page.getByRole("button", { name: "Start the call" }).click();
  await goTo(page, "Live board");
  await page.getByText("reject-2 · rejected").waitFor();
  tab.check(AWAY);
  await tab.close();
});

test("a call goes on while the console is killed and restarted: it is found again, and can be ended", async () => {
  const emulator = await startEmulator();
  const account = { isEmulated: false, env: emulator.env };
  let console = await startConsole(account);
  const tab = await openTab(browser, console.url);
  const { page } = tab;
  try {
    await addCallees(page, "answer-300");
    await ringForReal(page);
    await page.getByText("The call was started").waitFor();
    await goTo(page, "Live board");
    await page.getByText("answer-300 · in the call").waitFor();
    const { port, key } = console;
    await console.stop("SIGKILL");
    await page.getByRole("status").filter({ hasText: "Connection lost" }).waitFor();
    console = await startConsole({ ...account, port, key });
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    const card = page.getByRole("article", { name: "Call to answer-300" });
    await card.getByText("answer-300 · in the call").waitFor();
    await endCall(page, card);
    await card.getByText("Ended", { exact: true }).waitFor();
    tab.check(AWAY);
  } finally {
    await tab.close();
    await console.stop();
    await emulator.stop();
  }
});

test("a server that comes back with another token ends the session, and says what to do", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  await goTo(page, "Live board");
  await page.getByText("No calls yet").waitFor();
  const { port } = server;
  await server.stop("SIGKILL");
  server = await startConsole({ port });
  await page.getByRole("status").filter({ hasText: "The session is over" }).waitFor();
  await page.getByRole("alert").filter({ hasText: "Open an address" }).waitFor();
  tab.check(new RegExp(`${AWAY.source}|status of 40[13]`));
  await tab.close();
});

test("while the server is away a call is not sent in silence", async () => {
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  await addCallees(page, "jack");
  await server.stop("SIGKILL");
  await page.getByRole("button", { name: "Start the call" }).click();
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: "The console's server does not answer" }).waitFor();
  await soon(async () => assert.doesNotMatch(await alert.textContent(), /may have rung/, "there was no permit"));
  await isSeenAndFocused(alert);
  await page.route("**/api/permits", (route) => route.fulfill({ json: { permit: "given before" } }));
  await page.getByRole("button", { name: "Start the call" }).click();
  await soon(async () => assert.match(await alert.textContent(), /^A phone may have rung/, "above all"));
  await isSeenAndFocused(alert);
  tab.check(AWAY);
  await tab.close();
});

test("the settings name an account's region, its backup host and how fast requests are sent", async () => {
  const account = await startConsole({
    isEmulated: false,
    options: ["--requests-per-second", "20", "--no-backup-host"],
    env: { TRTC_ADMIN: "administrator", TRTC_REGION: "tokyo" },
  });
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  try {
    await goTo(page, "Settings");
    const facts = page.getByRole("region", { name: "Account" });
    await facts.getByText("tokyo", { exact: true }).waitFor();
    await soon(async () => assert.match(await facts.textContent(), /Backup hostnot used.*Request limit20 per second and command/));
    tab.check();
  } finally {
    await tab.close();
    await account.stop();
  }
});

test("with a real account the page says that real phones ring, and what to do when the service is not reached", async () => {
  const account = await startConsole({
    isEmulated: false,
    // Nobody listens at the discard port.
    env: { TRTC_ADMIN: "administrator", TRTC_BASE_URL: "http://127.0.0.1:9" },
  });
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  try {
    await page.getByLabel(/Account 1400000001. A real account: real phones ring/).waitFor();
    await addCallees(page, "jack");
    await ringForReal(page);
    const alert = page.getByRole("alert").filter({ hasText: "No reply from the service" });
    await alert.waitFor();
    await soon(async () => assert.match(await alert.textContent(), /It is safe to try again/));
    await goTo(page, "Settings");
    await page.getByText("What is missing", { exact: true }).waitFor();
    await checkAccessibility(page, "settings of an account");
    await screenshot(page, "settings-account-light-desktop");
    await goTo(page, "Live board");
    await page.getByText("No calls yet").waitFor();
    tab.check(/status of 5\d\d/);
  } finally {
    await tab.close();
    await account.stop();
  }
});

test("the code that the page shows rings phones as it is", async () => {
  const emulator = await startEmulator();
  const account = await startConsole({ isEmulated: false, env: emulator.env });
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  const folder = mkdtempSync(join(import.meta.dirname, "../test-output-code-"));
  try {
    await addCallees(page, "answer-100-hangup-200");
    await page.getByText("Numeric", { exact: true }).click();
    await page.getByRole("textbox", { name: "Number of the room" }).fill("4711");
    await page.getByRole("textbox", { name: "User data" }).fill(`it's "quoted" \\ and\nbroken $HOME \`id\` 日本`);
    await page.getByRole("switch", { name: "Send a notification of my own" }).check();
    await page.getByRole("textbox", { name: "Title", exact: true }).fill(`It's "JSON"`);
    await page.getByRole("tab", { name: "Code" }).click();
    const code = (name) => codeIn(page, name);
    symlinkSync(program, join(folder, "trtc-call"));
    const env = { PATH: `${folder}:${process.env.PATH}`, TRTC_SECRET_KEY: emulator.env.TRTC_SECRET_KEY };
    const run = (...words) => execFileSync(words[0], words.slice(1), { env, encoding: "utf8", timeout: 30_000 });
    run("bash", "-euc", await code("CLI"));
    assert.match(run("bash", "-euc", await code("curl")), /"ErrorCode":\s*0/);
    // The one sign that makes it TypeScript.
    writeFileSync(join(folder, "call.mjs"), (await code("TypeScript")).replace("TRTC_SECRET_KEY!", "TRTC_SECRET_KEY"));
    assert.match(run(process.execPath, join(folder, "call.mjs")), /wasRung: true/);

    const calls = await (await fetch(`${emulator.env.TRTC_BASE_URL}/emulator/calls`)).json();
    assert.equal(calls.length, 3);
    for (const call of calls) {
      assert.deepEqual(call.room, { id: "4711", type: 1 });
      assert.equal(call.userData, `it's "quoted" \\ and\nbroken $HOME \`id\` 日本`);
    }
    tab.check();
  } finally {
    rmSync(folder, { recursive: true });
    await tab.close();
    await account.stop();
    await emulator.stop();
  }
});

test("a marked key shows in no answer, in no page and in no storage", async () => {
  const profile = await browser.newContext({ locale: "en-US" });
  const answers = [];
  profile.on("response", (response) => {
    if (response.headers()["content-type"]?.includes("event-stream")) return;
    answers.push(response.text().then((text) => `${JSON.stringify(response.headers())}\n${text}`, () => ""));
  });
  const tab = await openTab(browser, server.url, { context: profile });
  const { page } = tab;
  await mainFlow(page);
  for (const name of ["Records", "Webhooks", "Tools", "Settings"]) await goTo(page, name);
  const seen = await Promise.all(answers);
  seen.push(await page.content());
  seen.push(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])));
  seen.push(server.said().replace(server.ticket, ""));
  assert.ok(seen.length > 20, "answers were read");
  for (const text of seen) {
    for (const secret of [MARKED_KEY, "marked0webhook0token", server.ticket, server.key]) {
      assert.equal(text.includes(secret), false, `${secret.slice(0, 10)}… in ${text.slice(0, 200)}`);
    }
  }
  tab.check();
  await tab.close();
});

/** Fails unless an element is in view, and the focus in it or around it. */
async function isSeenAndFocused(locator) {
  const state = await locator.evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    const focused = document.activeElement;
    return { top, bottom, height: innerHeight, isFocused: focused !== document.body && (focused.contains(element) || element.contains(focused)) };
  });
  assert.ok(state.isFocused, "it has the focus");
  assert.ok(state.top >= 0 && state.bottom <= state.height, `it is in view: ${JSON.stringify(state)}`);
}
