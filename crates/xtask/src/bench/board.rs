//! The console's board: what a call of 200 callees costs, and 1,000 calls.

use anyhow::Result;

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Prints each figure.
pub(super) fn run() -> Result<()> {
    let bench = "bench --locked --quiet --package trtc-call-console --bench board";
    Workspace::load()?.run(&Invocation::cargo(bench))
}
