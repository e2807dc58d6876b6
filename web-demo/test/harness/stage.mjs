// What the tests of a file share: a browser, and the built page on a server of files.
import { after } from "node:test";
import { openBrowser } from "./browser.mjs";
import { serveFiles } from "./files.mjs";

export const [browser, files] = await Promise.all([openBrowser(), serveFiles()]);

after(async () => {
  await browser.close();
  await files.close();
});
