use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::invocation::Invocation;

/// The fuzz targets stand outside the workspace, for they are built with other flags.
pub(crate) const FUZZ_MANIFEST: &str = "crates/core/fuzz/Cargo.toml";

/// The checkout: where it is, and what is in it.
#[derive(Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    root: PathBuf,
    #[serde(rename = "target_directory")]
    target: PathBuf,
    pub(crate) packages: Vec<Package>,
    /// Where the packed npm package is, once it is built.
    #[serde(skip)]
    pub(crate) npm_package: OnceCell<PathBuf>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Workspace {
    /// The workspace around the current directory.
    pub(crate) fn load() -> Result<Workspace> {
        Workspace::read(Path::new("."), &Invocation::cargo("metadata"))
    }

    fn read(directory: &Path, metadata: &Invocation) -> Result<Workspace> {
        let metadata = metadata
            .clone()
            .args("--no-deps --locked --format-version 1");
        let json = metadata.output(directory)?;
        serde_json::from_str(&json).with_context(|| format!("what `{metadata}` printed"))
    }

    /// The names of the fuzz targets, of which there is at least one.
    pub(crate) fn fuzz_targets(&self) -> Result<Vec<String>> {
        let metadata = Invocation::cargo("metadata --manifest-path").arg(FUZZ_MANIFEST);
        let targets: Vec<String> = Workspace::read(&self.root, &metadata)?
            .packages
            .into_iter()
            .flat_map(|package| package.targets)
            .filter(|target| target.kind.iter().any(|kind| kind == "bin"))
            .map(|target| target.name)
            .collect();
        ensure!(!targets.is_empty(), "{FUZZ_MANIFEST} has no fuzz target");
        Ok(targets)
    }

    /// The command, for tests in other languages.
    pub(crate) fn command(&self) -> Result<PathBuf> {
        self.built("--test cli", "debug/trtc-call")
    }

    /// A program that is built with `targets`. It is built as Rust's own tests build it, with the features of the whole
    /// workspace: after those there is nothing to do.
    pub(crate) fn built(&self, targets: &str, program: &str) -> Result<PathBuf> {
        let build = Invocation::cargo("build --locked --quiet --workspace --all-features");
        self.run(&build.args(targets))?;
        Ok(self.target().join(program))
    }

    /// A path in the checkout.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where tools are installed that belong to this checkout alone.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Runs a command at the checkout's root, in sight.
    pub(crate) fn run(&self, invocation: &Invocation) -> Result<()> {
        println!("$ {invocation}");
        invocation.run(&self.root)
    }

    /// What a command prints at the checkout's root.
    pub(crate) fn output(&self, invocation: &Invocation) -> Result<String> {
        invocation.output(&self.root)
    }
}
