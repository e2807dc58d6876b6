// The ticket of `#token=…`, which a browser sends to nobody and the server takes once.

let ticket: string | null = null;
const watchers = new Set<() => void>();

/** Takes a ticket out of the address bar, at once, and leaves the page where it was. */
function take(before: string) {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found === null) return;
  ticket = found;
  history.replaceState(null, "", `${location.pathname}${location.search}${before}`);
  for (const watcher of watchers) watcher();
}

take("#/");
// Pasted into a tab that is open. Nobody who hears of it later sees the ticket.
addEventListener("hashchange", ({ oldURL }) => take(new URL(oldURL).hash || "#/"));

/** The ticket, if there is one that was not used. */
export function currentTicket(): string | null {
  return ticket;
}

/** The ticket was exchanged, or refused. */
export function forgetTicket() {
  ticket = null;
}

/** Hears of each ticket that comes while the page is open. */
export function onTicket(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}
