//! `trtc-call-wasm-split LINKED OPTIMISED DIRECTORY`: cuts the npm package's program into the files that it ships.
#![forbid(unsafe_code)]

mod linked;
mod part;
mod program;

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use linked::Linked;
use part::Parts;
use program::Program;

/// The parts, in the order in which they are loaded, and what they export.
///
/// The first one is what it takes to ring phones, to follow a call and to sign UserSigs, and what wasm-bindgen needs.
const PARTS: Parts = Parts(&[
    (
        "main",
        &[
            "__",
            "account_",
            "buildCallEngine",
            "failure_",
            "parseCallEngine",
            "signer_free",
            "signer_new",
            "signer_sign",
            "transportFailure",
        ],
    ),
    ("more", &[]),
    ("testing", &["answer_", "config_", "emulator_", "webhook_"]),
]);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [linked, optimised, directory] = arguments.as_slice() else {
        bail!("name the module as it was linked, as it was optimised, and a directory");
    };
    let read = |path: &String| std::fs::read(path).with_context(|| format!("no {path}"));
    let linked = read(linked)?;
    let optimised = read(optimised)?;
    let needs = Linked::read(&linked)?.needs(&PARTS)?;
    let program = Program::read(&optimised)?;
    let directory = Path::new(directory);
    for (name, module) in program.cut(&PARTS, &needs)? {
        std::fs::write(directory.join(format!("{name}.wasm")), module)?;
    }
    let (code, types) = program.exports_as_javascript(&PARTS);
    std::fs::write(directory.join("parts.js"), code)?;
    std::fs::write(directory.join("parts.d.ts"), types)?;
    Ok(())
}
