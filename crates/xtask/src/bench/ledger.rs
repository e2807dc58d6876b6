//! A ledger of rings on both stores: claims and rings in a second, the rate at the limit, what `ring_once` adds.

use anyhow::Result;

use crate::install;
use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Prints each figure.
pub(super) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    install::postgresql(&workspace)?;
    let bench = "bench --locked --quiet --package trtc-call-ledger --bench ledger";
    workspace.run(&Invocation::cargo(bench))
}
