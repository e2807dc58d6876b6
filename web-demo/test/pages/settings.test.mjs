import assert from "node:assert/strict";
import { test } from "node:test";
import { openTab, soon } from "../harness/browser.mjs";
import { browser, files } from "../harness/stage.mjs";
import { addCallees, goTo } from "../main-flow.mjs";

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
