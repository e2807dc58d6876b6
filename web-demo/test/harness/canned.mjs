// A server with canned answers, for what the real one cannot be brought to do at will.

/**
 * Answers the page's requests in a profile. `answers` are functions by method and path, such as `GET records`: given
 * the URL's parameters and the body, they return what to answer with, or throw `refusal(...)`.
 */
export async function answerWith(context, answers) {
  const known = { "GET settings": () => settings, "GET calls": () => ({ lastEventId: "1-0", calls: [] }), "POST permits": () => ({ permit: "p" }), ...answers };
  await context.route(/\/demo\/$/, (route) =>
    route.request().method() === "HEAD" ? route.fulfill({ headers: { "x-trtc-console": "1" } }) : route.fallback(),
  );
  await context.route(/\/demo\/api\//, async (route) => {
    const request = route.request();
    const { pathname, searchParams } = new URL(request.url());
    const path = pathname.slice("/demo/api/".length);
    if (path === "events") return; // Stays open, and nothing happens.
    const answer = known[`${request.method()} ${path}`];
    try {
      if (!answer) throw refusal(404, { kind: "console", code: "not_found", message: `no answer to ${path}` });
      await route.fulfill({ json: await answer(Object.fromEntries(searchParams), request.postDataJSON()) });
    } catch (refused) {
      if (!refused.status) throw refused;
      await route.fulfill({ status: refused.status, json: { error: refused.error } });
    }
  });
}

/** What an answer throws to refuse. */
export function refusal(status, error) {
  return { status, error };
}

const settings = {
  mode: "account",
  sdkAppId: 1400000000,
  admin: "administrator",
  region: "singapore",
  ingestRoomIdCoding: "numeric-0",
  cloud: { configured: false },
  webhooks: { configured: false, receiving: false },
  missing: [],
  version: "0.1.0",
};
