// How a runtime gets at the parts of the core. Which file of `load/` it is, the conditions of package.json's
// `imports` decide.
declare module "#load" {
  /** Where a part comes from: at once, as the compiled module or its bytes, or from a file to wait for. */
  export type Source =
    | { readonly read: () => Compiled; readonly fetch?: undefined }
    | { readonly read?: undefined; readonly fetch: () => Promise<Response> };
  export type Compiled = WebAssembly.Module | Uint8Array<ArrayBuffer>;
  export const sources: { readonly main: Source; readonly more: Source };
}
declare module "#load-testing" {
  import type { Source } from "#load";
  export const testing: Source;
}
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
