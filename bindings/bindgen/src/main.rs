//! `trtc-call-wasm-bindgen MODULE.wasm FOLDER`: what `wasm-bindgen --target web` does, in the version that the
//! lockfile holds for the crate `wasm-bindgen`. A crate of its own, for it takes long to compile and only the npm
//! package needs it.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let module = arguments.next().context("name the wasm module")?;
    let folder = arguments.next().context("name the folder to write to")?;
    Bindgen::new()
        .input_path(module)
        .web(true)?
        // The package says where the module comes from.
        .omit_default_module_path(true)
        .typescript(true)
        .generate(folder)
}
