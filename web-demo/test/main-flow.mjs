// What a person does first: fill in the form, ring, watch, end. The same with a server behind the page and without.
import assert from "node:assert/strict";

/** Adds callees as a person would. */
export async function addCallees(page, ...names) {
  const callees = page.getByRole("combobox", { name: "Callees" });
  for (const name of names) {
    await callees.fill(name);
    await callees.press("Enter");
  }
}

/** Places a call with an account behind the page: after the question whose phones are to ring. */
export async function ringForReal(page, count = 1) {
  await page.getByRole("button", { name: "Start the call: real phones ring" }).click();
  const question = page.getByRole("dialog", { name: /^Ring \d+ real phones?\?$/ });
  await question.getByRole("button", { name: count === 1 ? "Ring 1 phone" : `Ring ${count} phones` }).click();
  await question.waitFor({ state: "detached" });
}

/** Ends a call, after the question. */
export async function endCall(page, within = page) {
  await within.getByRole("button", { name: /^End call/ }).click();
  await page.getByRole("dialog", { name: /^End the call to/ }).getByRole("button", { name: "End call" }).click();
}

/** The code that the form shows in a language, which is chosen first. */
export async function codeIn(page, name) {
  await page.getByRole("radiogroup", { name: "Language of the code" }).getByText(name, { exact: true }).click();
  return page.getByRole("group", { name, exact: true }).textContent();
}

/** Goes to a page by its link in the navigation. */
export async function goTo(page, name) {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Rings two users, watches one reject and the other answer, reads a packet, ends the call. */
export async function mainFlow(page) {
  await page.getByRole("heading", { level: 1, name: "Place a call" }).waitFor();
  await addCallees(page, "answer-300", "reject-1");
  await page.getByRole("button", { name: "Start the call" }).click();
  const started = page.getByRole("status").filter({ hasText: "The call was started" });
  await started.waitFor();
  assert.match(await started.textContent(), /answer-300 rings.*reject-1 rings/s);

  await started.getByRole("link", { name: "Watch it on the board" }).click();
  await page.getByRole("heading", { level: 1, name: "Call to answer-300, reject-1" }).waitFor();
  const row = (user) => page.getByRole("row").filter({ has: page.getByRole("cell", { name: user, exact: true }) });
  await row("reject-1").getByText("rejected").waitFor();
  await row("answer-300").getByText("in the call").waitFor();

  const timeline = page.getByRole("region", { name: "Timeline", exact: true });
  await timeline.getByText("answer-300 answered").waitFor();
  await timeline.getByRole("button", { name: "Packet: Sent start_call_by_robot" }).click();
  const packet = timeline.getByRole("group", { name: "Packet: Sent start_call_by_robot" });
  const text = await packet.textContent();
  assert.match(text, /"CalleeList_Account"/);
  assert.doesNotMatch(text, /usersig=[^(&]/i, "the UserSig is hidden");

  await endCall(page);
  await timeline.getByText(/The call ended/).waitFor();
  await page.getByRole("link", { name: "All calls" }).click();
  const card = page.getByRole("article", { name: "Call to answer-300, reject-1" });
  await card.getByText("Ended", { exact: true }).waitFor();
}
