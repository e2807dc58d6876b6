//! `cargo xtask console`: the console's page, and the program that has it in it.

use anyhow::{Result, bail};

use crate::invocation::Invocation;
use crate::npm;
use crate::workspace::Workspace;

/// Where the crate `trtc-call-console` embeds the page from.
const EMBEDDED: &str = "crates/console/page";

/// Builds page and program and prints where the program is; with the argument `test`, tests them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let workspace = Workspace::load()?;
    match arguments {
        [] => {
            npm::build(&workspace)?;
            build_page(&workspace)?;
            workspace.run(&Invocation::cargo(
                "build --locked --release --quiet -p trtc-call-cli",
            ))?;
            println!("{}", workspace.target().join("release/trtc-call").display());
        }
        [what] if what == "test" => {
            npm::build(&workspace)?;
            test(&workspace)?;
        }
        _ => bail!("nothing but `test` may follow `cargo xtask console`"),
    }
    Ok(())
}

/// Builds the page and tests it in a real browser, with the program behind it and without. The npm package
/// is built already.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    build_page(workspace)?;
    workspace.run(&Invocation::cargo(
        "build --locked --quiet -p trtc-call-cli",
    ))?;
    let program = workspace.target().join("debug/trtc-call");
    let program = format!("TRTC_CALL={}", program.display());
    let test = "npm --prefix web-demo run --silent test";
    workspace.run(&Invocation::program("env").arg(program).args(test))
}

fn build_page(workspace: &Workspace) -> Result<()> {
    npm::install(workspace, "web-demo")?;
    let npm = |arguments| Invocation::program("npm").args(arguments);
    workspace.run(&npm("--prefix web-demo run --silent build"))?;
    let embed = Invocation::program("node").arg("crates/xtask/src/console/embed.mjs");
    workspace.run(&embed.arg("web-demo/dist").arg(EMBEDDED))
}
