/** A module of WebAssembly: its bytes, or what was compiled of them. */
export type Wasm = WebAssembly.Module | BufferSource;

/** What wasm-bindgen generates beside the module's own functions. */
interface Glue {
  initSync(options: { module: Wasm }): unknown;
}

/**
 * A module that is made when it is first needed, so that importing costs nothing. The entry that was imported tells
 * where it comes from: see the files of `load/`.
 *
 * @internal
 */
export class LazyModule<Functions extends Glue> {
  readonly #functions: Functions;
  #source: (() => Wasm) | undefined;
  #isMade = false;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  comesFrom(source: () => Wasm): void {
    this.#source = source;
  }

  /** The module's functions. */
  use(): Functions {
    if (!this.#isMade) this.#make();
    return this.#functions;
  }

  #make(): void {
    if (!this.#source) throw new Error("trtc-call/slim needs `initialize(wasm)` before anything else");
    this.#functions.initSync({ module: this.#source() });
    this.#isMade = true;
  }
}
