import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { PrivateMapKey, UserSig, Webhook } from "trtc-call";
import { addressOf, openTab, screenshot, soon } from "../harness/browser.mjs";
import { look, looks } from "../harness/look.mjs";
import { browser, files } from "../harness/stage.mjs";

const application = { sdkAppId: 1400000000, secretKey: "typed0secret0key" };

test("a UserSig is made in the page, with the key that is typed, and then inspected and verified", async () => {
  const tab = await openTool("user-sig");
  const { page } = tab;
  const maker = page.getByRole("region", { name: "Make a UserSig" });
  await fillApplication(maker);
  await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
  await maker.getByRole("textbox", { name: "Valid for" }).fill("2");
  await maker.getByRole("button", { name: "Make the UserSig" }).click();
  await maker.getByText(/Valid until .*in 2 hours/).waitFor();
  const token = await maker.getByRole("status").locator("pre").textContent();
  assert.equal(UserSig.verify(token, { ...application, userId: "jack" }).valid, true);

  await maker.getByRole("button", { name: "Inspect it" }).click();
  const inspector = page.getByRole("region", { name: "Inspect a UserSig" });
  const input = inspector.getByRole("textbox", { name: "UserSig to inspect" });
  await soon(async () => assert.equal(await input.inputValue(), token));
  await soon(async () => assert.equal(await input.evaluate((element) => element === document.activeElement), true));
  await inspector.getByRole("status").getByText("Valid", { exact: true }).waitFor();

  await maker.getByRole("textbox", { name: "UserID" }).fill("jill");
  await maker.getByRole("status").waitFor({ state: "detached" });
  tab.check();
  await tab.close();
});

test("whatever is pasted for a token, however long, is told to be none at once", async () => {
  const tab = await openTool("user-sig");
  const { page } = tab;
  const inspector = page.getByRole("region", { name: "Inspect a UserSig" });
  const input = inspector.getByRole("textbox", { name: "UserSig to inspect" });
  const token = (bytes) => bytes.toString("base64").replaceAll("+", "*").replaceAll("/", "-").replaceAll("=", "_");
  for (const [pasted, said, most] of [
    [token(randomBytes(45_000)), /It cannot be unpacked/, 2000],
    ["no token ".repeat(7000), /characters that no token has/, 2000],
    [token(deflateSync(Buffer.alloc(40_000_000))), /far longer than any token/, 2000],
    // Most of it the browser takes, to break a line of a million characters.
    [token(randomBytes(750_000)), /It cannot be unpacked/, 8000],
  ]) {
    await input.fill("");
    const begun = performance.now();
    await input.focus();
    await page.keyboard.insertText(pasted);
    await inspector.getByText(said).waitFor();
    const took = performance.now() - begun;
    assert.ok(took < most, `${pasted.length} characters: ${took | 0} ms`);
  }
  tab.check();
  await tab.close();
});

test("a request to the cloud API is signed in the page, step by step", async () => {
  const tab = await openTool("tc3");
  const tool = tab.page.getByRole("region", { name: "Sign a request to the cloud API" });
  const fill = (name, text) => tool.getByRole("textbox", { name, exact: true }).fill(text);
  await fill("Action", "StopStreamIngest");
  await fill("Body", '{"SdkAppId":1400000000,"TaskId":"task-1"}');
  await fill("SecretId", "AKIDtyped");
  await fill("SecretKey", "typed0cloud0key");
  await tool.getByRole("button", { name: "Sign", exact: true }).click();
  await tool.locator('input[aria-invalid="true"]').first().waitFor(); // A time is missing.
  await fill("Timestamp", "1700000000");
  await tool.getByRole("button", { name: "Sign", exact: true }).click();
  const stage = (name) => tool.getByRole("group", { name, exact: true }).textContent();
  await soon(async () => assert.match(await stage("Canonical request"), /^POST\n\/\n\ncontent-type:/));
  const text = await stage("String to sign");
  assert.match(text, /^TC3-HMAC-SHA256\n1700000000\n2023-11-14\/trtc\/tc3_request\n/);
  const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
  const key = ["2023-11-14", "trtc", "tc3_request"].reduce(hmac, "TC3typed0cloud0key");
  const signature = hmac(key, text).toString("hex");
  await soon(async () => assert.equal(await stage("Signature"), signature));
  await soon(async () => assert.match(await stage("Authorization"), new RegExp(`Credential=AKIDtyped/2023-11-14/trtc/tc3_request,.*Signature=${signature}$`)));
  tab.check();
  await tab.close();
});

test("the inspector says why a UserSig is refused", async () => {
  const tab = await openTool("user-sig");
  const inspector = tab.page.getByRole("region", { name: "Inspect a UserSig" });
  const input = inspector.getByRole("textbox", { name: "UserSig to inspect" });
  const says = (text) => inspector.getByRole("status").getByText(text, { exact: false }).first().waitFor();
  const good = UserSig.sign({ ...application, userId: "jack", expire: 600 });

  await input.fill(good);
  await says("Readable, not verified");
  await input.fill(good.slice(0, -7));
  await says("not_");
  await input.fill(good);
  await fillApplication(inspector);
  await says("Signed with this key");
  await inspector.getByRole("textbox", { name: "User it should be for" }).fill("jill");
  await says("other_user");
  await inspector.getByRole("textbox", { name: "User it should be for" }).fill("");
  await inspector.getByLabel("Secret key").fill("another key");
  await says("wrong_key");
  await fillApplication(inspector);
  await inspector.getByRole("textbox", { name: "SDKAppID" }).fill("1400000001");
  await says("other_app");
  await fillApplication(inspector);
  const hourAgo = Math.floor(Date.now() / 1000) - 3600;
  await input.fill(UserSig.sign({ ...application, userId: "jack", expire: 60, now: hourAgo }));
  await says("expired");
  await inspector.getByText(/Expired 59 minutes ago/).waitFor();
  tab.check();
  await tab.close();
});

test("what is wrong with the fields is said beside them, and the first one takes the focus", async () => {
  const tab = await openTool("user-sig");
  const maker = tab.page.getByRole("region", { name: "Make a UserSig" });
  await maker.getByRole("textbox", { name: "SDKAppID" }).fill("0");
  await maker.getByRole("button", { name: "Make the UserSig" }).click();
  const appId = maker.getByRole("textbox", { name: "SDKAppID" });
  await soon(async () => assert.equal(await appId.getAttribute("aria-invalid"), "true"));
  await soon(async () => assert.equal(await appId.evaluate((element) => element === document.activeElement), true));
  await maker.getByText("This must not be empty.").first().waitFor();

  await fillApplication(maker);
  await maker.getByText("This must not be empty.").waitFor();
  await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
  assert.equal(await maker.locator('[aria-invalid="true"]').count(), 0);
  tab.check();
  await tab.close();
});

test("a UserSig can be signed with the key behind the page, which the page never sees", async () => {
  const tab = await openTool("user-sig");
  const maker = tab.page.getByRole("region", { name: "Make a UserSig" });
  await maker.getByText("The console's key").click();
  assert.equal(await maker.getByLabel("Secret key").count(), 0);
  await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
  await maker.getByRole("button", { name: "Make the UserSig" }).click();
  const token = await maker.getByRole("status").locator("pre").textContent();
  assert.equal(UserSig.inspect(token).identifier, "jack");
  tab.check();
  await tab.close();
});

test("a PrivateMapKey grants the rights that are ticked, and shows them again", async () => {
  const tab = await openTool("private-map-key");
  const { page } = tab;
  const maker = page.getByRole("region", { name: "Make a PrivateMapKey" });
  await fillApplication(maker);
  await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
  await maker.getByRole("combobox", { name: "Type of the room" }).click();
  await page.getByRole("option", { name: "String" }).click();
  await maker.getByRole("textbox", { name: "Room", exact: true }).fill("123");
  await maker.getByRole("button", { name: "None" }).click();
  await maker.getByRole("button", { name: "Make the PrivateMapKey" }).click();
  await maker.getByText(/Choose one of: all, /).waitFor();
  await maker.getByRole("checkbox", { name: "Enter the room" }).check();
  await maker.getByRole("checkbox", { name: "Receive audio" }).check();
  await maker.getByRole("button", { name: "Make the PrivateMapKey" }).click();
  const token = await maker.getByRole("status").locator("pre").textContent();
  const { grant } = PrivateMapKey.inspect(token);
  assert.deepEqual(grant.privileges, ["enter-room", "receive-audio"]);
  assert.equal(grant.room, "123");

  await maker.getByRole("button", { name: "Inspect it" }).click();
  const inspector = page.getByRole("region", { name: "Inspect a PrivateMapKey" });
  await inspector.getByText("123 (String)").waitFor();
  const ticked = await inspector.getByRole("checkbox", { checked: true }).evaluateAll((boxes) =>
    boxes.map((box) => box.labels[0].textContent),
  );
  assert.deepEqual(ticked, ["Enter the room", "Receive audio"]);

  const plain = UserSig.sign({ ...application, userId: "jack", expire: 60 });
  await inspector.getByRole("textbox", { name: "PrivateMapKey to inspect" }).fill(plain);
  await inspector.getByRole("status").getByText("no_user_buffer").waitFor();
  tab.check();
  await tab.close();
});

test("error codes are found by number and by words, and an unknown one is no dead end", async () => {
  const tab = await openTool("error-codes");
  const { page } = tab;
  const search = page.getByRole("searchbox", { name: "Code or words" });
  const count = page.getByRole("status").filter({ hasText: /^\d+ codes$/ });
  await count.waitFor();
  const codes = page.getByRole("table", { name: "What does an error code mean?" }).getByRole("rowheader");
  await soon(async () => assert.equal(await count.textContent(), `${await codes.count()} codes`));
  await soon(async () => assert.ok((await codes.count()) > 50, await count.textContent()));
  await search.fill("70001");
  const row = page.getByRole("row").filter({ hasText: "user_sig_expired" });
  await row.waitFor();
  await search.fill("clock rate FREQUENCY");
  await page.getByText("No code says that").waitFor();
  await search.fill("frequency limit");
  await page.getByRole("row").filter({ hasText: "60007" }).getByText("None; may be sent again").waitFor();
  await search.fill("99999");
  await page.getByText("99999 is not among the codes that this version knows.").waitFor();
  tab.check();
  await tab.close();
});

test("the webhook verifier tells the service's deliveries from others", async () => {
  const tab = await openTool("webhook");
  const { page } = tab;
  const verifier = page.getByRole("region", { name: "Verify a webhook" });
  const verify = verifier.getByRole("button", { name: "Verify" });
  await verifier.getByRole("button", { name: "Fill in a sample" }).click();
  await verify.click();
  await verifier.getByRole("status").getByText("Valid", { exact: true }).waitFor();
  await verifier.getByText("Call.CallbackAfterMemberChanged", { exact: true }).waitFor();

  await verifier.getByLabel("Token").fill("another token");
  await verify.click();
  await verifier.getByRole("status").getByText("wrong_signature").waitFor();

  const old = Webhook.signForTest({
    sdkAppId: application.sdkAppId,
    token: "my token",
    url: "https://example.com/hook?own=1",
    body: {
      CallbackCommand: "Call.CallbackAfterEndCall",
      EventTime: 1,
      CallRecord: { CallId: "c", Caller_Account: "robot", MediaType: "Audio", CallType: "SingleCall", StartTime: 1, EndTime: 2, AcceptTime: 0, CallResult: "Cancel", CalleeList_Account: ["robot"], RoomId: "", RoomIdType: 0 },
    },
    now: 1_600_000_000,
  });
  await verifier.getByRole("textbox", { name: "URL or query of the delivery" }).fill(old.url);
  await verifier.getByRole("textbox", { name: "Raw body" }).fill(await old.text());
  await verifier.getByRole("textbox", { name: "SDKAppID" }).fill(String(application.sdkAppId));
  await verifier.getByLabel("Token").fill("my token");
  await verify.click();
  await verifier.getByRole("status").getByText("Valid", { exact: true }).waitFor();
  await verifier.getByRole("checkbox", { name: "Ignore its age" }).uncheck();
  await verify.click();
  await verifier.getByRole("status").getByText("too_old").waitFor();

  await verifier.getByLabel("Token").fill("");
  await verify.click();
  await verifier.getByText(/This must not be empty/).waitFor();
  tab.check();
  await tab.close();
});

test("secrets that are typed are sent nowhere, stored nowhere, and forgotten with the page", async () => {
  const tab = await openTool("user-sig");
  const { page } = tab;
  const sent = [];
  page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  const maker = page.getByRole("region", { name: "Make a UserSig" });
  await fillApplication(maker);
  await soon(async () => assert.equal(await maker.getByLabel("Secret key").getAttribute("type"), "password"));
  await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
  await maker.getByRole("button", { name: "Make the UserSig" }).click();
  await maker.getByRole("status").waitFor();
  await page.getByRole("tab", { name: "PrivateMapKey" }).click();
  await soon(async () => assert.match(await addressOf(page), /#\/tools\/private-map-key$/));
  const kept = page.getByRole("region", { name: "Make a PrivateMapKey" }).getByLabel("Secret key");
  await soon(async () => assert.equal(await kept.inputValue(), application.secretKey, "one key for all the tools"));

  const everywhere = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, databases, location.href, history.state]);
  });
  assert.doesNotMatch(everywhere + sent.join(), /typed0secret0key/);
  await page.getByRole("link", { name: "Settings" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  assert.doesNotMatch(await page.content(), /typed0secret0key/);
  await page.goBack();
  await kept.waitFor();
  await soon(async () => assert.equal(await kept.inputValue(), ""));
  tab.check();
  await tab.close();
});

for (const { scheme, width, viewport } of looks({ theirs: ["light", "desktop"] })) {
  test(`the tools are accessible and look right: ${scheme}, ${width}`, async () => {
    const tab = await openTool("user-sig", { scheme, viewport });
    const { page } = tab;
    const see = (name) => look(page, `${name}-${scheme}-${width}`);
    await see("tools-user-sig-empty");
    const maker = page.getByRole("region", { name: "Make a UserSig" });
    await fillApplication(maker);
    await maker.getByRole("button", { name: "Make the UserSig" }).click();
    await see("tools-user-sig-problems");
    await maker.getByRole("textbox", { name: "UserID" }).fill("jack");
    await maker.getByRole("button", { name: "Make the UserSig" }).click();
    await maker.getByRole("button", { name: "Inspect it" }).click();
    await see("tools-user-sig");

    await page.getByRole("tab", { name: "PrivateMapKey" }).click();
    const keys = page.getByRole("region", { name: "Make a PrivateMapKey" });
    await keys.getByRole("textbox", { name: "UserID" }).fill("jack");
    await keys.getByRole("textbox", { name: "Room", exact: true }).fill("4711");
    await keys.getByRole("checkbox", { name: "Send video" }).uncheck();
    await keys.getByRole("button", { name: "Make the PrivateMapKey" }).click();
    await keys.getByRole("button", { name: "Inspect it" }).click();
    await see("tools-private-map-key");

    await page.getByRole("tab", { name: "Error codes" }).click();
    await see("tools-error-codes");
    await page.getByRole("tab", { name: "Webhook verifier" }).click();
    const verifier = page.getByRole("region", { name: "Verify a webhook" });
    await verifier.getByRole("button", { name: "Fill in a sample" }).click();
    await verifier.getByRole("button", { name: "Verify" }).click();
    await verifier.getByRole("status").waitFor();
    await see("tools-webhook");
    tab.check();
    await tab.close();
  });
}

test("the tools speak the page's language", async () => {
  for (const [locale, title] of [["zh-CN", "工具"], ["ja-JP", "ツール"]]) {
    const tab = await openTab(browser, `${files.url}#/tools`, { locale });
    await tab.page.getByRole("heading", { level: 1, name: title }).waitFor();
    await screenshot(tab.page, `tools-${locale}`);
    tab.check();
    await tab.close();
  }
});

async function openTool(name, options) {
  const tab = await openTab(browser, `${files.url}#/tools/${name}`, options);
  await tab.page.getByRole("heading", { level: 1, name: "Tools" }).waitFor();
  return tab;
}

async function fillApplication(within) {
  await within.getByRole("textbox", { name: "SDKAppID" }).fill(String(application.sdkAppId));
  await within.getByLabel("Secret key").fill(application.secretKey);
}
