/**
 * The module, as one of this realm. Next.js runs edge functions in a realm of their own, and compiles outside of it: the
 * glue, which asks `instanceof`, would not know the module as one.
 */
export function ofOwnRealm(module: WebAssembly.Module): WebAssembly.Module {
  return Object.setPrototypeOf(module, WebAssembly.Module.prototype);
}
