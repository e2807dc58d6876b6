// How a runtime gets at the WebAssembly modules. Exactly one of the two is there. Which file of `load/`
// it is, the conditions of package.json's `imports` decide.
declare module "#load" {
  export const loadSync: (() => WebAssembly.Module | Uint8Array<ArrayBuffer>) | undefined;
  export const loadAsync: (() => Promise<Response>) | undefined;
}
declare module "#load-testing" {
  export * from "#load";
}
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
