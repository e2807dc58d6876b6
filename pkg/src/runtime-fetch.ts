/** What this package uses of Deno. */
interface Deno {
  createHttpClient(options: { poolMaxIdlePerHost: number }): object;
}

/**
 * The runtime's `fetch`, kept from repeating requests by itself.
 *
 * Deno sends a request again when a connection that has been used before is closed without a reply: a phone would
 * ring twice. A client of its own that keeps no connections has none of that kind.
 *
 * @internal
 */
export function runtimeFetch(): typeof globalThis.fetch {
  const { Deno } = globalThis as { Deno?: Deno };
  if (Deno === undefined) return (input, init) => globalThis.fetch(input, init);
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  return (input, init) => globalThis.fetch(input, { ...init, client } as RequestInit);
}
