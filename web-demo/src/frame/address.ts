import { useSyncExternalStore } from "react";

// `#/records?search=jack`: before the `?` stands the page, and behind it what the page shows.

function path(): string {
  return `/${location.hash.replace(/^#?\/?/, "").split("?")[0]}`;
}

function query(): string {
  const { hash } = location;
  return hash.includes("?") ? hash.slice(hash.indexOf("?") + 1) : "";
}

function watch(watcher: () => void): () => void {
  addEventListener("hashchange", watcher);
  return () => removeEventListener("hashchange", watcher);
}

/** Goes to an address. */
function navigate(to: string, { replace = false }: { replace?: boolean } = {}) {
  const oldURL = location.href;
  const url = `${location.pathname}${location.search}#${to}`;
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  dispatchEvent(new HashChangeEvent("hashchange", { oldURL, newURL: location.href }));
}

/** The page's part of the address, for the router. */
export function useHashPath(): [string, typeof navigate] {
  return [useSyncExternalStore(watch, path), navigate];
}

useHashPath.hrefs = (href: string) => `#${href}`;

/** A value that stands in the address, so that it outlives a reload and can be sent to somebody. */
export function useQueryValue(name: string, fallback = ""): [string, (value: string) => void] {
  const value = new URLSearchParams(useSyncExternalStore(watch, query)).get(name) ?? fallback;
  return [
    value,
    (next) => {
      const values = new URLSearchParams(query());
      if (next === fallback) values.delete(name);
      else values.set(name, next);
      navigate(withValues(path(), values.toString()), { replace: true });
    },
  ];
}

/** Another path with the values of this one: the details of something in a list that stays as it is. */
export function withSameQuery(to: string): string {
  return withValues(to, query());
}

function withValues(to: string, values: string): string {
  return values === "" ? to : `${to}?${values}`;
}
