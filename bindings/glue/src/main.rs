//! `trtc-call-wasm-glue MODULE.wasm DIRECTORY`: what `wasm-bindgen --target web` does, from the very
//! version in the lockfile, but for loading: the package's own code loads the parts of the module. What wasm-bindgen
//! writes again and again is there once. A program of its own, so that `cargo xtask` stays quick to compile.
#![forbid(unsafe_code)]

mod javascript;
mod types;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::RawSection;
use wasmparser::{Parser, Payload};

const NAME: &str = "trtc_call_wasm";

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let module = arguments.next().context("name the wasm module")?;
    let directory = arguments.next().context("name the directory to write to")?;
    let module = std::fs::read(&module).with_context(|| format!("no {}", module.display()))?;
    Bindgen::new()
        .input_bytes(NAME, without_relocations(&module)?)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(true)
        .generate(&directory)?;
    rewrite(&directory.join(format!("{NAME}.js")), javascript::rewritten)?;
    rewrite(&directory.join(format!("{NAME}.d.ts")), types::rewritten)
}

fn rewrite(path: &Path, rewritten: fn(&str) -> Result<String>) -> Result<()> {
    let text = rewritten(&std::fs::read_to_string(path)?);
    let text = text.with_context(|| format!("{} is not as expected", path.display()))?;
    Ok(std::fs::write(path, text)?)
}

/// The module without what `--emit-relocs` adds, which would not hold any more once the module is changed.
fn without_relocations(module: &[u8]) -> Result<Vec<u8>> {
    let mut without = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        if let Payload::CustomSection(custom) = &payload
            && (custom.name() == "linking" || custom.name().starts_with("reloc."))
        {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
            let data = module.get(range).context("a section that is cut")?;
            without.section(&RawSection { id, data });
        }
    }
    Ok(without.finish())
}
