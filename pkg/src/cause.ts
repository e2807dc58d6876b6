// What `fetch` threw, on its way into the chain of causes: some runtimes name the URL in it, which holds a UserSig.

/**
 * The error itself. Where something in it holds a secret, or might, a copy without: of each link that does, and of those
 * that lead to it.
 *
 * @internal
 */
export function withoutSecrets(thrown: unknown, secrets: readonly string[]): unknown {
  return isHarmless(thrown, secrets, new Set()) ? thrown : copyOf(thrown, secrets, 0);
}

/**
 * The text without them.
 *
 * @internal
 */
export function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, "(hidden)"), text);
}

/**
 * What stands at the end of the chain of causes.
 *
 * @internal
 */
export function rootOf(thrown: unknown, depth = 0): unknown {
  const { cause } = Object(thrown) as { cause?: unknown };
  return cause === undefined || depth === MAX_DEPTH ? thrown : rootOf(cause, depth + 1);
}

/** Nobody means chains that are longer. */
const MAX_DEPTH = 16;

/** Things that show nothing but their properties. A `Request`, for one, shows its URL. */
const TRANSPARENT = /^\[object (Object|Array|Error|DOMException)\]$/;

function isHarmless(value: unknown, secrets: readonly string[], seen: Set<object>): boolean {
  if (typeof value === "string") return !secrets.some((secret) => value.includes(secret));
  if (typeof value !== "object" || value === null || seen.has(value)) return true;
  seen.add(value);
  if (!TRANSPARENT.test(Object.prototype.toString.call(value))) return false;
  const { message, stack } = value as Partial<Error>;
  const shown: unknown[] = [message, stack];
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if (name === "stack") continue;
    // A getter may show anything.
    if (property.get !== undefined) return false;
    shown.push(name, property.value);
  }
  return shown.every((part) => isHarmless(part, secrets, seen));
}

function copyOf(thrown: unknown, secrets: readonly string[], depth: number): unknown {
  if (typeof thrown === "string") return hide(thrown, secrets);
  if (typeof thrown !== "object" || thrown === null) return thrown;
  const { name, message, stack, cause, errors } = thrown as Partial<AggregateError>;
  const goesOn = depth < MAX_DEPTH;
  const link = (next: unknown) =>
    isHarmless(next, secrets, new Set()) ? next : copyOf(next, secrets, depth + 1);
  const copy = new Error(hide(String(message ?? ""), secrets), goesOn && cause !== undefined ? { cause: link(cause) } : {});
  const hidden = (value: unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperty(copy, "name", hidden(hide(String(name ?? "Error"), secrets)));
  Object.defineProperty(copy, "stack", hidden(hide(String(stack ?? ""), secrets)));
  if (goesOn && Array.isArray(errors)) Object.defineProperty(copy, "errors", hidden(errors.map(link)));
  // Such as `code`, `syscall` and `hostname`.
  for (const [key, value] of Object.entries(thrown)) {
    if (key in copy || (typeof value === "object" && value !== null) || typeof value === "function") continue;
    Object.defineProperty(copy, hide(key, secrets), {
      ...hidden(typeof value === "string" ? hide(value, secrets) : value),
      enumerable: true,
    });
  }
  return copy;
}
