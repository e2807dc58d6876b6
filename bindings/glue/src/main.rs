//! `trtc-call-wasm-glue MODULE.wasm DIRECTORY`: what `wasm-bindgen --target web` does, from the very
//! version in the lockfile. A program of its own, so that `cargo xtask` stays quick to compile.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let module = arguments.next().context("name the wasm module")?;
    let directory = arguments.next().context("name the directory to write to")?;
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .generate(directory)
}
