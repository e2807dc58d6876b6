// What a page says in words, and whether any of it is English.
import assert from "node:assert/strict";

/** What people write in Latin letters in every language. */
const NAMES =
  /trtc-call( console)?|TRTC_\w+|TENCENTCLOUD_\w+|--[a-z-]+|https?:\/\/\S*|rtmps?:\/\/\S*|TUICallKit|SDKAppID|UserSig|PrivateMapKey|UserID|CallId|RequestId|SecretId|SecretKey|ErrorInfo|identifier|App|Host|JSON|HTTP|URL|CSV|VoIP|TC3|HMAC|SHA256|Webhooks?|Call\.\w+|Live Activity|Template ID|Channel ID|Rust|TypeScript|curl|CLI|Apple|Android|Huawei|Honor|Xiaomi|OPPO|vivo|Meizu|Harmony|Google|English|Ext|GMT[+-]?\d*|\b[A-Z]{2,5}\b|AfterStartCall|AfterMemberChanged|AfterEndCall|[a-z]+(-\d+)+(-[a-z]+-\d+)?|(?:[a-z0-9]+_)+[a-z0-9]+|\b[0-9a-f-]{36}\b/g;

/** Three words of English in a row, or what begins like a sentence of it. */
const ENGLISH = /\b[A-Za-z]{2,}(?:[ ,;:'’]+[A-Za-z]{1,}){2,}\b|\b(?:must|cannot|should|needs?|choose|remove|check)\b/i;

/** The lines that a person reads in the page: what is code, or typed, is in no language. */
async function linesOf(page) {
  return page.evaluate(() => {
    const lines = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!parent?.checkVisibility() || parent.closest("code, pre, kbd, [lang=en], noscript, script, style")) continue;
      lines.push(node.textContent);
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
      if (element.closest("code, pre, [lang=en]")) continue;
      for (const name of ["aria-label", "placeholder", "title"]) lines.push(element.getAttribute(name) ?? "");
    }
    return lines;
  });
}

/** Fails if something is left in English. */
export async function assertNoEnglish(page, where) {
  const left = (await linesOf(page)).filter((line) => ENGLISH.test(line.replace(NAMES, "·")));
  assert.deepEqual([...new Set(left)], [], where);
}
