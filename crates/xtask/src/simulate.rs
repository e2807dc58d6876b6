//! `cargo xtask simulate ledger`: a million rings by 64 workers in virtual time, through the decisions of the core.

use anyhow::{Result, bail};

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Prints what came of it. `arguments` are the name, and those of the simulation: rings, workers, seed.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let [name, rest @ ..] = arguments else {
        bail!("name what to simulate: ledger");
    };
    if name != "ledger" {
        bail!("name what to simulate: ledger");
    }
    let example = Invocation::cargo(
        "run --locked --quiet --release --package trtc-call-core --example simulate_ledger --",
    );
    let example = rest.iter().fold(example, Invocation::arg);
    Workspace::load()?.run(&example)
}
