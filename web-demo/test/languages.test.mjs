// Nothing but names is left in English where the page speaks Chinese or Japanese.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isEveryLookWanted, openTab, screenshot, soon } from "./harness/browser.mjs";
import { answerWith, refusal } from "./harness/canned.mjs";
import { assertNoEnglish } from "./harness/language.mjs";
import { browser, files } from "./harness/stage.mjs";

const languages = [
  ["zh-CN", { start: "开始呼叫", push: "发送自定义通知", code: "代码", request: "请求" }],
  ["ja-JP", { start: "発信する", push: "通知", code: "コード", request: "リクエスト" }],
];
for (const [locale, words] of isEveryLookWanted ? languages : languages.slice(0, 1)) {
  test(`no English is left on any page, with its problems, advice and refusals: ${locale}`, async () => {
    const tab = await openTab(browser, files.url, { locale });
    const { page } = tab;
    const see = async (name) => {
      await assertNoEnglish(page, `${name} in ${locale}`);
      await screenshot(page, `language-${name}-${locale}`);
    };
    await page.getByRole("heading", { level: 1 }).waitFor();
    const callees = page.getByRole("combobox").first();
    for (const name of ["robot", "jack", "jack", "a b".replace(" ", "é"), "x".repeat(40)]) {
      await callees.fill(name);
      await callees.press("Enter");
    }
    await page.getByRole("switch").check();
    await page.locator('label[for$="-number"]').click();
    const boxes = page.getByRole("textbox");
    await boxes.nth(0).fill("not a user");
    await page.locator('input[inputmode="decimal"]').first().fill("1e3");
    await page.locator('input[placeholder="30"]').fill("5");
    await page.locator('input[type="url"]').fill("ftp://media.example/a");
    await page.locator("textarea").first().fill("x".repeat(1200));
    await page.getByRole("button", { name: words.start, exact: true }).click();
    await page.locator('[aria-invalid="true"]').first().waitFor();
    await soon(async () => assert.ok((await page.locator('[aria-invalid="true"]').count()) >= 5, "the problems show"));
    await see("call-problems");

    await page.evaluate(() => sessionStorage.clear());
    await page.reload();
    for (let index = 0; index < 10; index += 1) {
      await page.getByRole("combobox").first().fill(`jack-${index}`);
      await page.getByRole("combobox").first().press("Enter");
    }
    await page.getByRole("switch").check();
    // The title and the text of the notification, which is loaded when it is wanted.
    const title = page.locator("section").filter({ has: page.getByRole("switch") }).getByRole("textbox");
    await title.first().fill("x".repeat(70));
    await title.nth(1).fill("y".repeat(1200));
    await page.getByRole("listitem").filter({ hasText: "Huawei" }).first().waitFor();
    await see("call-advice");

    for (const address of [
      "board",
      "records",
      "webhooks",
      "webhooks?tab=test",
      "webhooks?tab=configuration",
      "requests",
      "tools/user-sig",
      "tools/private-map-key",
      "tools/error-codes",
      "tools/webhook",
      "tools/tc3",
      "settings",
      "nowhere",
    ]) {
      await page.goto(`${files.url}#/${address}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForTimeout(300);
      await see(address.replaceAll(/[/?=]/g, "-"));
    }

    // What a token is refused for, and what an empty form has to say.
    await page.goto(`${files.url}#/tools/user-sig`);
    await page.getByRole("textbox").filter({ visible: true }).last().waitFor();
    await page.locator("textarea:visible").first().fill("no token");
    for (const button of await page.locator('button[type="submit"]:visible').all()) await button.click();
    await page.waitForTimeout(300);
    await see("tools-refused");
    tab.check();
    await tab.close();
  });

  test(`what the service refuses is said in the page's language: ${locale}`, async () => {
    const context = await browser.newContext({ locale });
    let refuse = () => {};
    await answerWith(context, { "POST calls": () => refuse() });
    const tab = await openTab(browser, files.url, { context });
    const { page } = tab;
    const callees = page.getByRole("combobox").first();
    await callees.fill("jack");
    await callees.press("Enter");
    await page.getByRole("textbox").first().fill("robot");
    for (const [kind, code, extra] of [
      ["server", "user_sig_expired", { errorCode: 70001, whatToDo: "make a new UserSig", message: "the service refused" }],
      ["server", "needs_app_admin", { errorCode: 60010, whatToDo: "use an identifier", message: "the service refused" }],
      ["server", "cloud_not_in_package", { errorCode: "FailedOperation.NotAbility", whatToDo: "choose a package", message: "m" }],
      ["transport", "connect_failed", { message: "no connection was made", retryable: true }],
      ["outcome_unknown", "outcome_unknown", { message: "it may have rung", mayHaveRung: true }],
      ["console", "internal", { message: "the call's task ended early" }],
    ]) {
      refuse = () => {
        throw refusal(422, { kind, code, ...extra });
      };
      await page.getByRole("button", { name: /真实电话|実際の電話/ }).click();
      await assertNoEnglish(page, `the question in ${locale}`);
      await page.getByRole("dialog").getByRole("button").last().press("Enter");
      await page.getByRole("alert").filter({ hasText: code }).waitFor();
      await assertNoEnglish(page, `${code} in ${locale}`);
    }
    tab.check(/422/);
    await tab.close();
  });
}
