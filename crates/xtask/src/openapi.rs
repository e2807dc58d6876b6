//! `cargo xtask openapi`: the description of the call engine, which the emulator serves. It is generated from
//! the core's types and checked in, so that a change of the wire shows in review.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Where the description is kept.
pub(crate) const FILE: &str = "crates/emulator/openapi.json";

/// Writes the description anew.
pub(crate) fn write() -> Result<()> {
    let workspace = Workspace::load()?;
    let document = generate(&workspace)?;
    fs::write(workspace.path(FILE), document).with_context(|| format!("cannot write {FILE}"))?;
    println!("wrote {FILE}");
    Ok(())
}

/// That the description kept is the one that the types give.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let kept =
        fs::read_to_string(workspace.path(FILE)).with_context(|| format!("cannot read {FILE}"))?;
    ensure!(
        kept == generate(workspace)?,
        "{FILE} is not what the types give; to write it anew:\n  cargo xtask openapi"
    );
    Ok(())
}

fn generate(workspace: &Workspace) -> Result<String> {
    let example = workspace.built("--example openapi", "debug/examples/openapi")?;
    workspace.output(&Invocation::program(example.to_string_lossy()))
}
