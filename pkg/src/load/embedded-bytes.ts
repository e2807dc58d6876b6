/**
 * The bytes of a module, out of the file of `wasm/embedded/` that was imported. Such a file is a script, an ES module
 * and a CommonJS module at once, so that the package holds it once. As no kind of module knows how to read the exports
 * of all others, it leaves its text with the global object, under a name that no other version of the package has.
 */
export function embeddedBytes(name: "core" | "testing"): Uint8Array<ArrayBuffer> {
  const text = atob((globalThis as Record<symbol, string>)[Symbol.for(`trtc-call ${VERSION} ${name}`)] as string);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
