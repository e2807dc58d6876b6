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
            test(&workspace, "test", true)?;
        }
        _ => bail!("nothing but `test` may follow `cargo xtask console`"),
    }
    Ok(())
}

/// Builds the page and tests it in a real browser, by a `script` of its package. `every_look` looks at each page at every
/// width in every theme, instead of once.
pub(crate) fn test(workspace: &Workspace, script: &str, every_look: bool) -> Result<()> {
    npm::build(workspace)?;
    build_page(workspace)?;
    let program = workspace.command()?;
    let env = Invocation::program("env").arg(format!("TRTC_CALL={}", program.display()));
    let looks = if every_look { "every" } else { "one" };
    let env = env.arg(format!("TRTC_CALL_LOOKS={looks}"));
    workspace.run(&env.args("npm --prefix web-demo run --silent").arg(script))
}

fn build_page(workspace: &Workspace) -> Result<()> {
    npm::install(workspace, "web-demo")?;
    let npm = |arguments| Invocation::program("npm").args(arguments);
    workspace.run(&npm("--prefix web-demo run --silent build"))?;
    let embed = Invocation::program("node").arg("crates/xtask/src/console/embed.mjs");
    workspace.run(&embed.arg("web-demo/dist").arg(EMBEDDED))
}
