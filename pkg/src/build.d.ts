// What a bundler makes of a file of WebAssembly, and what `build.mjs` defines.
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
/** The package's version. */
declare const VERSION: string;
