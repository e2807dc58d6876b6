//! The types of the glue.

use anyhow::{Context as _, Result};

/// Where the types of loading begin.
const LOADING: &str = "export type InitInput =";

const ATTACHING: &str = "\
/**
 * What the module imports.
 */
export function imports(): WebAssembly.Imports;

/**
 * Everything above uses these exports from now on; the first time, they are also started.
 */
export function attach(exports: Record<string, unknown>): void;
";

/// The types as wasm-bindgen wrote them, with others in the place of those of loading.
pub(crate) fn rewritten(types: &str) -> Result<String> {
    let (kept, _) = types.split_once(LOADING).context(LOADING)?;
    Ok([kept, ATTACHING].concat())
}
