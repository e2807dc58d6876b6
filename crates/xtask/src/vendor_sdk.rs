//! The vendor's SDK for Node, run against the emulator.

use anyhow::Result;

use crate::invocation::Invocation;
use crate::npm;
use crate::workspace::Workspace;

const FOLDER: &str = "tests/vendor-sdk";

/// Has the vendor's SDK speak to the emulator over TCP.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    npm::install(workspace, FOLDER)?;
    let variable = format!("TRTC_CALL={}", workspace.command()?.display());
    let node = Invocation::program("env").arg(variable);
    workspace.run(
        &node
            .args("node --test --test-reporter=spec")
            .arg(format!("{FOLDER}/")),
    )
}
