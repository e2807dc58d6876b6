// Campaigns: the ledger of a file, workers that are commands of their own, and an emulator as the account.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { addressOf, isEveryLookWanted, openBrowser, openTab, soon } from "../harness/browser.mjs";
import { serveFiles } from "../harness/files.mjs";
import { assertNoEnglish } from "../harness/language.mjs";
import { look, looks } from "../harness/look.mjs";
import { program, startConsole, startEmulator } from "../harness/server.mjs";
import { goTo } from "../main-flow.mjs";

let browser;
let emulator;
let server;
let folder;
let env;
/** The first to come in, who lets the others in: an address opens the console once. */
let door;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "campaigns-"));
  [browser, emulator] = await Promise.all([openBrowser(), startEmulator()]);
  env = { ...emulator.env, TRTC_STORE: join(folder, "marked-store.db") };
  server = await startConsole({ isEmulated: false, env });
  door = await openTab(browser, server.url);
  await door.page.getByRole("heading", { level: 1 }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  await emulator?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

async function openConsole(options) {
  const url = await door.page.evaluate(async () => {
    const invited = await fetch("api/session/url", { method: "POST", headers: { "x-trtc-console": "1" } });
    return (await invited.json()).url;
  });
  return openTab(browser, url, options);
}

/** Runs a command of campaigns, as somebody at another terminal. Exit code 4 is that rings are unknown. */
async function campaign(...words) {
  const run = promisify(execFile)(program, ["campaign", ...words], { env: { ...process.env, ...env } });
  return run.catch((failed) => (failed.code === 4 ? failed : Promise.reject(failed)));
}

async function create(name, users, ...options) {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, `user,order\n${users.map((user, index) => `${user},${9007199254740993n + BigInt(index)}\n`).join("")}`);
  await campaign("create", name, "--from", file, "--ring-timeout", "10s", ...options);
}

test("a campaign is watched while workers ring it, its rings are looked into, and what is unknown is settled", async () => {
  await create("autumn", ["answer-1-hangup-1", "offline-1", "noanswer-1", "jack"]);
  const tab = await openConsole();
  const { page } = tab;
  await goTo(page, "Campaigns");
  const card = page.getByRole("article", { name: "autumn" });
  await card.getByText("0 of 4 done").waitFor();
  await card.getByRole("link", { name: "autumn" }).click();
  await page.getByRole("heading", { level: 1, name: "Campaign autumn" }).waitFor();
  const alert = page.getByRole("alert").filter({ hasText: "No worker is at work" });
  await alert.getByText("4 are due, and nobody takes them").waitFor();
  await alert.getByText("trtc-call campaign run autumn --store URL").waitFor();
  await look(page, "campaigns-no-worker");

  // The reply to the last one is lost.
  const fault = { fault: "cut_before_reply", command: "start_call_by_robot", requests: 1 };
  const base = env.TRTC_BASE_URL;
  assert.equal((await fetch(`${base}/emulator/faults`, { method: "POST", body: JSON.stringify(fault) })).status, 200);
  await campaign("run", "autumn", "--json");
  await page.getByText("4 of 4 done").waitFor();
  await page.getByText("Done", { exact: true }).waitFor();
  assert.equal(await alert.count(), 0);
  await page.getByRole("list", { name: "Rings by state" }).getByText("refused 1").waitFor();

  await page.getByText("nobody knows yet whether they rang").waitFor();
  await page.getByRole("button", { name: "Show them" }).click();
  await soon(async () => assert.match(await addressOf(page), /name=autumn&state=unknown/));
  await page.getByRole("status").filter({ hasText: "1–1 of 1" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: /^Details of the ring of/ }).click();
  const drawer = page.getByRole("dialog", { name: "Ring", exact: true });
  await drawer.getByText("9007199254740").first().waitFor();
  await drawer.getByText("this key never rings again").waitFor();
  await look(page, "campaigns-settle");
  await drawer.getByRole("button", { name: "It did not ring" }).click();
  const question = page.getByRole("dialog", { name: /was not rung\?$/ });
  await page.keyboard.press("Enter");
  await question.waitFor({ state: "detached" });
  await drawer.getByText("unknown", { exact: true }).first().waitFor();
  await drawer.getByRole("button", { name: "It did not ring" }).click();
  await question.getByRole("button", { name: "It did not ring" }).click();
  await drawer.getByText("presumed not rung", { exact: true }).first().waitFor();
  await drawer.getByText("a person", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("No ring is in this state.").waitFor();

  // A ring leads to its call.
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: /^rung \(/ }).click();
  await page.getByRole("button", { name: /^Details of the ring of/ }).first().click();
  // What misses its slot on a busy machine is being sent more than once.
  await drawer.getByText("being sent").first().waitFor();
  await drawer.getByRole("navigation", { name: "Elsewhere" }).getByRole("link", { name: "Requests" }).waitFor();
  await page.keyboard.press("Escape");
  assert.ok(!(await page.content()).includes("marked-store"), "the ledger's address is nowhere");
  tab.check();
  await tab.close();
});

test("a campaign that waits for its time says so, and is paused, resumed and cancelled, each asked for where it counts", async () => {
  await create("winter", ["jill", "joe"], "--not-before", "2099-01-01T00:00:00Z", "--max-up", "5");
  const tab = await openConsole();
  const { page } = tab;
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.goto(`${server.origin}/#/campaigns?name=winter`);
  await page.getByRole("alert").getByText(/2 wait for their time; the first is due .*2099/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("alert").getByText("It is paused").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("dialog", { name: "Resume winter?" }).getByRole("button", { name: "Resume" }).click();
  await page.getByText("Running", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Campaign winter" }).getByRole("button", { name: "Cancel the campaign" }).click();
  const question = page.getByRole("dialog", { name: "Cancel winter for good?" });
  await question.waitFor();
  await question.getByText("2 that were not sent are taken back").waitFor();
  await question.getByRole("button", { name: "Cancel the campaign" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor();
  await page.getByRole("cell", { name: "taken back" }).first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Resume" }).count(), 0);

  await page.goto(`${server.origin}/#/campaigns?name=spring`);
  await page.getByRole("heading", { level: 1, name: "There is no such campaign" }).waitFor();
  await page.goto(`${server.origin}/#/campaigns`);
  await page.getByRole("textbox", { name: "Key of a ring" }).fill("nobody");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("dialog").getByText("No ring has this key").waitFor();
  tab.check(/404/);
  await tab.close();
});

const languages = [
  ["zh-CN", "此控制台没有账本"],
  ["ja-JP", "このコンソールには台帳がありません"],
];
for (const [locale, heading] of isEveryLookWanted ? languages : languages.slice(1)) {
  test(`without a ledger the page says how to give one, and no English is left with one: ${locale}`, async () => {
    const files = await serveFiles();
    const plain = await openTab(browser, `${files.url}#/campaigns`, { locale });
    await plain.page.getByRole("heading", { level: 2, name: heading }).waitFor();
    await plain.page.getByText("trtc-call console --store").waitFor();
    await assertNoEnglish(plain.page, `no ledger in ${locale}`);
    plain.check();
    await plain.close();
    await files.close();

    const tab = await openConsole({ locale });
    const { page } = tab;
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.goto(`${server.origin}/#/campaigns`);
    await page.getByRole("article").first().waitFor();
    await assertNoEnglish(page, `campaigns in ${locale}`);
    await page.goto(`${server.origin}/#/campaigns?name=autumn`);
    await page.getByRole("row").nth(1).getByRole("button").click();
    await page.getByRole("dialog").getByRole("heading", { level: 3 }).waitFor();
    await assertNoEnglish(page, `a ring in ${locale}`);
    tab.check();
    await tab.close();
  });
}

for (const { scheme, width, viewport } of looks({ theirs: ["dark", "phone"] })) {
  test(`the campaigns' pages are accessible and look right: ${scheme}, ${width}`, async () => {
    const tab = await openConsole({ scheme, viewport });
    const { page } = tab;
    const see = (name) => look(page, `${name}-${scheme}-${width}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.goto(`${server.origin}/#/campaigns`);
    await page.getByRole("article").first().waitFor();
    await see("campaigns");
    await page.goto(`${server.origin}/#/campaigns?name=autumn`);
    await page.getByRole("table", { name: "Rings" }).waitFor();
    await see("campaigns-one");
    await page.getByRole("button", { name: /^Details of the ring of/ }).first().click();
    await page.getByRole("dialog").getByRole("heading", { level: 3, name: "History" }).waitFor();
    await see("campaigns-ring");
    tab.check();
    await tab.close();
  });
}
