//! The npm package on Node: its size, how soon it starts, how fast it is.

use anyhow::Result;

use crate::invocation::Invocation;
use crate::npm;
use crate::workspace::Workspace;

/// The vendor's packages: what makes UserSigs, and the cloud SDK that holds the API behind this.
const PEERS: [&str; 2] = ["tls-sig-api-v2@1.0.2", "tencentcloud-sdk-nodejs@4.1.313"];

/// Builds the package, installs the peers below the build's folder, and prints the figures.
pub(super) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let tarball = npm::build(&workspace)?;
    let folder = workspace.tools().join("npm-bench");
    let (ours, peers) = (folder.join("ours"), folder.join("peers"));
    // An older package has other files.
    if ours.exists() {
        std::fs::remove_dir_all(&ours)?;
    }
    std::fs::create_dir_all(&ours)?;
    std::fs::create_dir_all(&peers)?;
    let unpack = Invocation::program("tar").args("--strip-components=1 -xzf");
    let unpack = unpack.arg(tarball.to_string_lossy()).arg("-C");
    workspace.run(&unpack.arg(ours.to_string_lossy()))?;
    let install = "install --ignore-scripts --no-save --no-audit --no-fund --prefix";
    let mut install = Invocation::program("npm").args(install);
    install = install.arg(peers.to_string_lossy());
    for peer in PEERS {
        install = install.arg(peer);
    }
    workspace.run(&install)?;
    let bench = Invocation::program("node").arg("crates/xtask/src/bench/npm.mjs");
    let bench = bench.arg(ours.to_string_lossy());
    workspace.run(&bench.arg(peers.to_string_lossy()))
}
