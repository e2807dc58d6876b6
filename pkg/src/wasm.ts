// The one instance of the core, which is compiled to WebAssembly and cut into parts. Each part is loaded when it is
// first needed: importing costs nothing.
import { type Compiled, type Source, sources } from "#load";
import { more } from "../wasm/parts.js";
import * as glue from "../wasm/trtc_call_wasm.js";
import { NotReadyError } from "./errors.js";

/** The exports of all parts that are loaded. */
let exports: WebAssembly.Exports = {};
const loaded = new Set<Source>();

/**
 * The core's functions.
 *
 * @internal
 */
export function core(): typeof glue {
  load(sources.main);
  return glue;
}

/**
 * Resolves once the package can be used. Needed in browsers only, where a file cannot be read while the
 * program waits: there, everything else throws a {@link NotReadyError} before. Elsewhere it resolves at
 * once.
 */
export async function ready(): Promise<void> {
  await loadAll([sources.main, sources.more]);
}

/**
 * Loads parts that are not loaded yet, in that order.
 *
 * @internal
 */
export async function loadAll(parts: Source[]): Promise<void> {
  const missing = parts.filter((part) => !loaded.has(part));
  const modules = await Promise.all(missing.map(compiled));
  for (const [index, part] of missing.entries()) start(part, modules[index] as Compiled);
}

/** Those that are being fetched, so that each is fetched once. */
const underWay = new Map<Source, Promise<Compiled>>();

function compiled(part: Source): Compiled | Promise<Compiled> {
  if (!part.fetch) return part.read();
  const compiling = underWay.get(part) ?? part.fetch().then(compile);
  underWay.set(part, compiling);
  compiling.catch(() => underWay.delete(part));
  return compiling;
}

/**
 * Loads a part at once, if it is not loaded yet. The parts before it must be.
 *
 * @internal
 */
export function load(part: Source): void {
  if (loaded.has(part)) return;
  if (!part.read) throw new NotReadyError();
  start(part, part.read());
}

function start(part: Source, source: Compiled): void {
  if (loaded.has(part)) return;
  const module = source instanceof Uint8Array ? new WebAssembly.Module(source) : source;
  const imports = { ...glue.imports(), "": exports };
  const instance = new WebAssembly.Instance(module, imports);
  exports = { ...exports, ...instance.exports };
  loaded.add(part);
  glue.attach(loaded.has(sources.more) ? ownOf(exports) : { ...ownOf(exports), ...loaders });
}

/** Without what parts export for each other: properties of a large object are found more slowly. */
function ownOf(exports: WebAssembly.Exports): WebAssembly.Exports {
  return Object.fromEntries(Object.entries(exports).filter(([name]) => /^[a-z_]/i.test(name)));
}

/** In the place of what the second part exports: loads it, and calls what was meant. */
const loaders = Object.fromEntries(
  more.map((name) => [
    name,
    (...given: unknown[]) => {
      load(sources.more);
      return (exports[name] as CallableFunction)(...given);
    },
  ]),
);

/** A server may not know the type of WebAssembly, which streaming insists on. */
async function compile(response: Response): Promise<WebAssembly.Module> {
  if (!response.ok) throw new Error(`${response.url}: HTTP status ${response.status}`);
  const isTyped = response.headers.get("content-type") === "application/wasm";
  if (isTyped) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
