import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { UserSig, Webhook } from "trtc-call";
import { openBrowser, openTab } from "../harness/browser.mjs";
import { MARKED_KEY, startConsole } from "../harness/server.mjs";
import { addCallees, goTo } from "../main-flow.mjs";

let browser;
let server;
/** The first to come in, who lets the others in: an address opens the console once. */
let door;
before(async () => {
  [browser, server] = await Promise.all([openBrowser(), startConsole()]);
  door = await openTab(browser, server.url);
  await door.page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test("10,000 records of the emulator behind the server are listed, sorted, charted and exported", async () => {
  const tab = await openConsole();
  const { page } = tab;
  await goTo(page, "Records");
  // As the page's own request, with the session's cookie.
  const seeded = await page.evaluate(async () => {
    const headers = { "x-trtc-console": "1", "content-type": "application/json" };
    const body = JSON.stringify({ count: 10_000 });
    return (await fetch("api/emulator/seed-records", { method: "POST", headers, body })).status;
  });
  assert.equal(seeded, 200);
  const begun = performance.now();
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByRole("status").filter({ hasText: /Records: 10,0\d\d/ }).waitFor({ timeout: 60_000 });
  console.log(`10,000 records from the server: ${(performance.now() - begun) | 0} ms`);

  const longest = page.getByRole("button", { name: "Duration, sort by it" });
  await longest.click();
  await page.getByRole("button", { name: "Duration, sorted upwards" }).click();
  await page.getByRole("table", { name: "Records" }).getByRole("row").nth(1).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export as CSV" }).click(),
  ]);
  assert.ok(await download.path());
  await page.getByRole("tab", { name: "Charts" }).click();
  await page.getByRole("img", { name: "Outcomes by day" }).waitFor();

  await page.getByRole("combobox", { name: "Result" }).click();
  await page.getByRole("option", { name: "Rejected" }).click();
  await page.getByRole("status").filter({ hasNotText: /10,0\d\d/ }).filter({ hasText: /Records: [1-9]/ }).waitFor();
  tab.check();
  await tab.close();
});

test("a time span that is upside down is refused by the core, beside its field", async () => {
  const tab = await openConsole();
  const { page } = tab;
  await goTo(page, "Records");
  for (const [field, moment] of [["From", "An hour ago"], ["To", "A day ago"]]) {
    await page.getByRole("button", { name: field, exact: true }).click();
    await page.getByRole("button", { name: moment }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Next month" }).waitFor({ state: "detached" });
  }
  await page.getByText(/is later than/).waitFor();
  assert.equal(await page.getByRole("alert").count(), 0, "what the fields say is not said twice");
  tab.check(/4\d\d/);
  await tab.close();
});

test("the webhooks of a call arrive by the socket, and a replay does too, in every tab", async () => {
  const tab = await openConsole();
  const other = await openTab(browser, `${server.origin}/#/webhooks`, { context: tab.context });
  await addCallees(tab.page, "answer-200-hangup-300");
  await tab.page.getByRole("button", { name: "Start the call" }).click();
  await other.page.getByRole("button", { name: /^Details of AfterEndCall/ }).first().click();
  const details = other.page.getByRole("dialog", { name: "Delivery" });
  await details.getByText("Verified").waitFor();

  await goTo(tab.page, "Webhooks");
  const found = tab.page.getByRole("status").filter({ hasText: /Deliveries: \d+/ });
  await found.waitFor();
  const before = Number(/\d+/.exec(await found.textContent())[0]);
  await details.getByRole("button", { name: "Replay" }).click();
  // As what was sent, and as what came in.
  await tab.page.getByRole("status").filter({ hasText: `Deliveries: ${before + 2}` }).waitFor();
  tab.check();
  other.check();
  await tab.close();
});

test("a test delivery reaches a receiver of one's own, signed, and its answer is shown", async (t) => {
  const received = [];
  const receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ url: request.url, body });
    response.writeHead(204).end();
  });
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  t.after(() => receiver.close());
  const tab = await openConsole();
  const { page } = tab;
  await goTo(page, "Webhooks");
  await page.getByRole("tab", { name: "Send a test" }).click();
  await page.getByText("Another receiver").click();
  await page.getByRole("textbox", { name: "URL" }).fill(`http://127.0.0.1:${receiver.address().port}/hook?mine=1`);
  await page.getByRole("textbox", { name: "CallId" }).fill("my-call");
  await page.getByRole("button", { name: "Send the test" }).click();
  const row = page.getByRole("row").filter({ hasText: "my-call" });
  await row.getByText("Accepted by the receiver").last().waitFor();
  await row.getByText("204", { exact: true }).first().waitFor();
  const [delivery] = received;
  const verdict = Webhook.verify(delivery, { sdkAppId: 1400000001, token: "marked0webhook0token" });
  assert.equal(verdict.valid, true, verdict.message);
  assert.equal(verdict.delivery.event.callId, "my-call");
  tab.check();
  await tab.close();
});

test("a test delivery that the receiver refuses is called refused, and in no green", async (t) => {
  const receiver = createServer((_, response) => response.writeHead(401).end());
  await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  t.after(() => receiver.close());
  const tab = await openConsole();
  const { page } = tab;
  await page.goto(`${server.origin}/#/webhooks?tab=test`);
  await page.getByText("Another receiver").click();
  await page.getByRole("textbox", { name: "URL" }).fill(`http://127.0.0.1:${receiver.address().port}/hook`);
  await page.getByRole("textbox", { name: "CallId" }).fill("refused-call");
  await page.getByRole("button", { name: "Send the test" }).click();
  await page.getByText("It answered with status 401.").waitFor();
  const row = page.getByRole("row").filter({ hasText: "refused-call" });
  await row.getByText("Refused by the receiver").last().waitFor();
  assert.equal(await row.getByText(/Verified|Accepted/).count(), 0);
  tab.check();
  await tab.close();
});

test("the configuration is read from the service, and bad URLs are refused beside their field", async () => {
  const tab = await openConsole();
  const { page } = tab;
  await goTo(page, "Webhooks");
  await page.getByRole("tab", { name: "Configuration" }).click();
  await page.getByRole("status").getByText(/^Webhooks go to http/).waitFor();
  await page.getByRole("textbox", { name: "URL" }).fill("nonsense");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Begin with https:// or http://.").waitFor();
  tab.check(/4\d\d/);
  await tab.close();
});

test("the server signs a UserSig with its key, which shows in no answer and nowhere in the page", async () => {
  const tab = await openConsole();
  const { page } = tab;
  const answers = [];
  page.on("response", async (response) => answers.push(await response.text().catch(() => "")));
  await goTo(page, "Tools");
  const maker = page.getByRole("region", { name: "Make a UserSig" });
  await maker.getByText("The console's key").click();
  await maker.getByRole("button", { name: "Make the UserSig" }).click();
  await maker.getByText(/This must not be empty/).waitFor();
  await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
  await maker.getByRole("button", { name: "Make the UserSig" }).click();
  const token = await maker.getByRole("status").locator("pre").textContent();
  const verdict = UserSig.verify(token, { sdkAppId: 1400000001, secretKey: MARKED_KEY, userId: "jack" });
  assert.equal(verdict.valid, true, verdict.message);
  for (const name of ["Records", "Webhooks", "Settings"]) await goTo(page, name);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  const seen = answers.join() + stored + (await page.content()) + server.said();
  for (const secret of [MARKED_KEY, "marked0webhook0token"]) assert.ok(!seen.includes(secret), "a secret shows");
  tab.check(/4\d\d/);
  await tab.close();
});

async function openConsole() {
  const url = await door.page.evaluate(async () => {
    const invited = await fetch("api/session/url", { method: "POST", headers: { "x-trtc-console": "1" } });
    return (await invited.json()).url;
  });
  const tab = await openTab(browser, url);
  await tab.page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  return tab;
}
