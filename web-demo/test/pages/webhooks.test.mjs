import assert from "node:assert/strict";
import { test } from "node:test";
import { desktop, openTab, soon } from "../harness/browser.mjs";
import { answerWith, refusal } from "../harness/canned.mjs";
import { look, looks } from "../harness/look.mjs";
import { browser, files } from "../harness/stage.mjs";
import { addCallees, goTo } from "../main-flow.mjs";

test("a call's webhooks are listed as they come, and can be looked into", async () => {
  const tab = await openTab(browser, files.url);
  const { page } = tab;
  await addCallees(page, "answer-1500-hangup-500");
  await page.getByRole("button", { name: "Start the call" }).click();
  await page.getByText("The call was started").waitFor();
  await goTo(page, "Webhooks");
  await page.getByRole("button", { name: /^Details of AfterStartCall/ }).waitFor();
  await page.getByRole("button", { name: /^Details of AfterEndCall/ }).click();
  const details = page.getByRole("dialog", { name: "Delivery" });
  await details.getByText("Verified").waitFor();
  const tells = await details.getByRole("region", { name: "What it tells" }).textContent();
  assert.match(tells, /"result": "NormalEnd"/);
  const query = details.getByRole("table", { name: "Query" });
  await soon(async () => assert.match(await query.getByRole("row", { name: /^Sign / }).textContent(), /[0-9a-f]{64}/));
  await soon(async () => assert.match(await details.getByRole("region", { name: "Body, as it arrived" }).textContent(), /"CallResult"/));
  tab.check();
  await tab.close();
});

test("a delivery is replayed, newly signed, and the list tells of it at once", async () => {
  const tab = await openTab(browser, `${files.url}#/webhooks`);
  const { page } = tab;
  await sendTest(page, "A call ends");
  await page.getByRole("status").filter({ hasText: "Deliveries: 1" }).waitFor();
  await page.getByRole("button", { name: /^Details of AfterEndCall/ }).click();
  const details = page.getByRole("dialog", { name: "Delivery" });
  await details.getByRole("button", { name: "Replay" }).click();
  await page.getByText("The delivery was sent again, newly signed.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("status").filter({ hasText: "Deliveries: 2" }).waitFor();
  tab.check();
  await tab.close();
});

test("test deliveries carry the CallId that is given, and are found by it", async () => {
  const tab = await openTab(browser, `${files.url}#/webhooks`);
  const { page } = tab;
  await sendTest(page, "A call starts", "my-call");
  await sendTest(page, "A member answers, rejects, joins or leaves");
  await page.getByRole("status").filter({ hasText: "Deliveries: 2" }).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("my-call");
  await page.getByRole("status").filter({ hasText: "Deliveries: 1" }).waitFor();
  await page.getByRole("cell", { name: "my-call" }).waitFor();
  await page.getByRole("combobox", { name: "Show" }).click();
  await page.getByRole("option", { name: "Refused" }).click();
  await page.getByRole("heading", { name: "No delivery matches" }).waitFor();
  tab.check();
  await tab.close();
});

test("a test that cannot be sent says why beside its field", async () => {
  const tab = await openTab(browser, `${files.url}#/webhooks`);
  const { page } = tab;
  await page.getByRole("tab", { name: "Send a test" }).click();
  await page.getByText("Another receiver").click();
  const url = page.getByRole("textbox", { name: "URL" });
  await url.fill("https://example.com/hook");
  await page.getByRole("button", { name: "Send the test" }).click();
  await page.getByText(/sends nothing out of this page/).waitFor();
  await soon(async () => assert.equal(await url.evaluate((element) => element === document.activeElement), true));
  tab.check();
  await tab.close();
});

test("the configuration is shown, mended where it is wrong, replaced, and deleted after a question", async () => {
  const tab = await openTab(browser, `${files.url}#/webhooks`);
  const { page } = tab;
  await page.getByRole("tab", { name: "Configuration" }).click();
  await page.getByRole("status").getByText(/^Webhooks go to http:/).waitFor();
  const url = page.getByRole("textbox", { name: "URL" });
  await url.fill("nonsense");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Begin with https:// or http://.").waitFor();
  await page.getByRole("button", { name: "Use this console's receiver" }).click();
  await page.getByRole("checkbox", { name: "A call starts" }).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The service sends webhooks as configured from now on.").waitFor();
  await page.getByRole("tab", { name: "Deliveries" }).click();
  await page.getByRole("tab", { name: "Configuration" }).click();
  await page.getByRole("checkbox", { name: "A call ends" }).waitFor();
  await soon(async () => assert.equal(await page.getByRole("checkbox", { name: "A call starts" }).isChecked(), false));

  const remove = page.getByRole("button", { name: "Delete the configuration" });
  await remove.click();
  const question = page.getByRole("dialog", { name: "Delete the configuration?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "detached" });
  await remove.click();
  await question.getByRole("button", { name: "Delete the configuration" }).click();
  await page.getByRole("status").getByText("No webhooks are sent now.").waitFor();
  tab.check();
  await tab.close();
});

test("what stands behind the page may fail: the page says so, and tries again when asked", async () => {
  const context = await browser.newContext({ viewport: desktop, locale: "en-US" });
  let isDown = true;
  const refused = () => {
    if (isDown) throw refusal(500, { kind: "console", code: "console_failed", message: "it failed" });
  };
  await answerWith(context, {
    "GET webhooks"() {
      refused();
      return [{ id: "1", receivedAt: Date.now(), direction: "in", command: "", callId: null, verified: false, status: "wrong_signature", query: "a=1&a=2", body: "no json" }];
    },
    "GET callback"() {
      refused();
      return null;
    },
  });
  const tab = await openTab(browser, `${files.url}#/webhooks`, { context });
  const { page } = tab;
  assert.equal(await page.getByText("No webhooks are received").count(), 0, "nothing is missing");
  await page.getByRole("alert").getByText(/The console's server failed/).waitFor();
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("button", { name: /^Details of/ }).click();
  const details = page.getByRole("dialog", { name: "Delivery" });
  await details.getByText("wrong_signature").waitFor();
  await details.getByText("The body cannot be read as a webhook").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("tab", { name: "Configuration" }).click();
  await page.getByText("No webhooks are sent now.").waitFor();
  await page.goto(`${files.url}#/webhooks/gone`);
  await details.getByText("This delivery is not there any more").waitFor();
  tab.check(/500/);
  await tab.close();
});

for (const { scheme, width, viewport } of looks({ theirs: ["light", "phone"] })) {
  test(`the webhooks page is accessible and looks right: ${scheme}, ${width}`, async () => {
    const tab = await openTab(browser, `${files.url}#/webhooks`, { scheme, viewport });
    const { page } = tab;
    const see = (name) => look(page, `${name}-${scheme}-${width}`);
    await page.getByRole("heading", { name: "No deliveries yet" }).waitFor();
    await see("webhooks-empty");
    await page.getByRole("tab", { name: "Send a test" }).click();
    await see("webhooks-test");
    await sendTest(page, "A call starts");
    await sendTest(page, "A call ends");
    await page.getByRole("button", { name: /^Details of AfterEndCall/ }).waitFor();
    await see("webhooks");
    await page.getByRole("button", { name: /^Details of AfterEndCall/ }).click();
    await page.getByRole("dialog").waitFor();
    await see("webhooks-details");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "Configuration" }).click();
    await page.getByRole("textbox", { name: "URL" }).waitFor();
    await see("webhooks-configuration");
    await page.getByRole("button", { name: "Delete the configuration" }).click();
    await page.getByRole("dialog").waitFor();
    await see("webhooks-delete");
    tab.check();
    await tab.close();
  });
}

/** Sends a test delivery by the form. */
async function sendTest(page, command, callId = "") {
  await page.getByRole("tab", { name: "Send a test" }).click();
  await page.getByRole("combobox", { name: "Command" }).click();
  await page.getByRole("option", { name: command }).click();
  await page.getByRole("textbox", { name: "CallId" }).fill(callId);
  await page.getByRole("button", { name: "Send the test" }).click();
  await page.getByRole("tab", { name: "Deliveries", selected: true }).waitFor();
}
