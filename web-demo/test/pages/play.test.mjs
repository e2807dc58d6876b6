// Calls that a stream is played into.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { checkAccessibility, openBrowser, openTab, screenshot, soon } from "../harness/browser.mjs";
import { serveFiles } from "../harness/files.mjs";
import { program, startConsole, startEmulator } from "../harness/server.mjs";
import { addCallees, codeIn, endCall, ringForReal } from "../main-flow.mjs";

let browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

const stream = (page) => page.getByRole("textbox", { name: "Media URL to play on answer" });

/** Plays to whoever answers, sees it play, ends it. */
async function playFlow(page, start = () => page.getByRole("button", { name: "Start the call" }).click()) {
  await addCallees(page, "answer-300-stay");
  await stream(page).fill("https://media.example/live");
  await start();
  const started = page.getByRole("status").filter({ hasText: "The call was started" });
  await started.getByText(/In room console-/).waitFor();
  await started.getByRole("link", { name: "Watch it on the board" }).click();
  await page.getByText("Media plays: https://media.example/live").waitFor();
  const timeline = page.getByRole("region", { name: "Timeline", exact: true });
  await timeline.getByText("The media plays").waitFor();
  await endCall(page);
  await page.getByText("Media ended: https://media.example/live").waitFor();
  await timeline.getByText("The call and the media are being ended").waitFor();
  await timeline.getByText(/The call ended/).waitFor();
}

/** How many streams the emulator still plays. */
async function playing({ env }) {
  const ingests = await (await fetch(`${env.TRTC_BASE_URL}/emulator/ingests`)).json();
  return { all: ingests.length, now: ingests.filter(({ end }) => end === null).length };
}

test("with a server a stream is played into a call, seen on the board, and ended with it", async () => {
  const emulator = await startEmulator();
  const account = await startConsole({ isEmulated: false, env: emulator.env });
  const tab = await openTab(browser, account.url);
  try {
    await playFlow(tab.page, () => ringForReal(tab.page));
    const timeline = tab.page.getByRole("region", { name: "Timeline", exact: true });
    await timeline.getByRole("button", { name: "Packet: Sent StartStreamIngest" }).click();
    const packet = await timeline.getByRole("group", { name: "Packet: Sent StartStreamIngest" }).textContent();
    assert.match(packet, /"UserSig": "\(hidden\)"/);
    assert.match(packet, /authorization: \(hidden\)/);
    await soon(async () => assert.deepEqual(await playing(emulator), { all: 1, now: 0 }));
    await checkAccessibility(tab.page, "a call with a stream");
    await screenshot(tab.page, "call-played-light-desktop");
    tab.check();
  } finally {
    await tab.close();
    await account.stop();
    await emulator.stop();
  }
});

test("without a server the simulation plays as well", async () => {
  const files = await serveFiles();
  const tab = await openTab(browser, files.url);
  try {
    await playFlow(tab.page);
    tab.check();
  } finally {
    await tab.close();
    await files.close();
  }
});

test("what is wrong with the URL is said beside it", async () => {
  const server = await startConsole();
  const tab = await openTab(browser, server.url);
  const { page } = tab;
  try {
    await addCallees(page, "jack");
    for (const [typed, said] of [["nonsense", /Write the whole address/], ["ftp://media.example/a.mp3", /Begin with one of: https:/]]) {
      // As it is typed: nobody is rung for what cannot be played.
      await stream(page).fill(typed);
      await stream(page).blur();
      await page.getByText(said).waitFor();
      await soon(async () => assert.equal(await stream(page).getAttribute("aria-invalid"), "true"));
    }
    await page.getByRole("button", { name: "Start the call" }).click();
    await page.getByText("1 problem to fix").waitFor();
    assert.equal(await page.getByText("The call was started").count(), 0);
    tab.check();
  } finally {
    await tab.close();
    await server.stop();
  }
});

test("without a cloud account the field is closed and says how to open it", async () => {
  const env = { TRTC_ADMIN: "administrator", TRTC_BASE_URL: "http://127.0.0.1:9" };
  const account = await startConsole({ isEmulated: false, env });
  const tab = await openTab(browser, account.url);
  try {
    await soon(async () => assert.equal(await stream(tab.page).isDisabled(), true));
    await tab.page.getByText(/TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY/).waitFor();
    tab.check();
  } finally {
    await tab.close();
    await account.stop();
  }
});

test("the code that the page shows plays as it is", async () => {
  const emulator = await startEmulator();
  const account = await startConsole({ isEmulated: false, env: emulator.env });
  const tab = await openTab(browser, account.url);
  const { page } = tab;
  const folder = mkdtempSync(join(import.meta.dirname, "../../test-output-code-"));
  try {
    await addCallees(page, "answer-100-stay");
    await stream(page).fill("https://media.example/plays-800.mp3?it's=$HOME");
    await page.getByRole("tab", { name: "Code" }).click();
    const code = (name) => codeIn(page, name);
    symlinkSync(program, join(folder, "trtc-call"));
    const { TRTC_SECRET_KEY, TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY } = emulator.env;
    const keys = { TRTC_SECRET_KEY, TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY };
    const env = { PATH: `${folder}:${process.env.PATH}`, ...keys };
    const run = (...words) => execFileSync(words[0], words.slice(1), { env, encoding: "utf8", timeout: 30_000 });
    run("bash", "-euc", await code("CLI"));
    await soon(async () => assert.deepEqual(await playing(emulator), { all: 1, now: 0 }));
    // The one sign that makes it TypeScript.
    const script = (await code("TypeScript")).replaceAll(/(process\.env\.\w+)!/g, "$1");
    writeFileSync(join(folder, "call.mjs"), script);
    assert.match(run(process.execPath, join(folder, "call.mjs")), /media_ended/);
    await soon(async () => assert.deepEqual(await playing(emulator), { all: 2, now: 0 }));
    await soon(async () => assert.match(await code("curl"), /plays nothing/));
    await soon(async () => assert.match(await code("Rust"), /StreamUrl::new\("https:\/\/media\.example/));
    tab.check();
  } finally {
    rmSync(folder, { recursive: true });
    await tab.close();
    await account.stop();
    await emulator.stop();
  }
});
