//! What the checks need and a fresh machine lacks. Each installation says what it is and why.

use anyhow::{Context as _, Result};

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Checks licences, sources and banned crates against `deny.toml`.
pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
    why: "it holds the dependencies to deny.toml",
};

/// Builds and runs the targets under `crates/core/fuzz`.
pub(crate) const CARGO_FUZZ: CargoTool = CargoTool {
    name: "cargo-fuzz",
    version: "0.13.2",
    why: "it builds and runs the fuzz targets",
};

/// Installs what is missing.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    rust_component(workspace, "rustfmt", "fmt", "it checks the format")?;
    rust_component(workspace, "clippy", "clippy", "it checks the lints")?;
    cxx_compiler(workspace)?;
    python(workspace)?;
    chromium(workspace)?;
    wasm_target(workspace)?;
    CARGO_DENY.install(workspace)?;
    CARGO_FUZZ.install(workspace)
}

/// What the npm package's modules are compiled for. The script looks for itself whether there is anything to do.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    workspace.run(&Invocation::program(
        "crates/xtask/scripts/install-wasm-target.sh",
    ))
}

fn rust_component(workspace: &Workspace, name: &str, subcommand: &str, why: &str) -> Result<()> {
    let probe = Invocation::cargo(subcommand).arg("--version");
    if workspace.output(&probe).is_ok() {
        return Ok(());
    }
    println!("installing {name}: {why}");
    workspace.run(
        &Invocation::program("rustup")
            .args("component add")
            .arg(name),
    )
}

/// The fuzzer's engine is C++. Like the crate that compiles it, this takes `CXX`, or else `c++`.
fn cxx_compiler(workspace: &Workspace) -> Result<()> {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    debian_package(
        workspace,
        &compiler,
        "g++",
        "it compiles the fuzzer's engine",
    )
}

/// The npm package is tested in a real browser. `CHROMIUM` names one; else it is Debian's.
fn chromium(workspace: &Workspace) -> Result<()> {
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let why = "the npm package is tested in a real browser";
    debian_package(workspace, &browser, "chromium", why)
}

fn debian_package(workspace: &Workspace, program: &str, package: &str, why: &str) -> Result<()> {
    if workspace
        .output(&Invocation::program(program).arg("--version"))
        .is_ok()
    {
        return Ok(());
    }
    println!("installing {package}: {why}");
    let apt = |arguments| workspace.run(&as_root(workspace, "apt-get").args(arguments));
    let install = format!("install -y -qq --no-install-recommends {package}");
    apt("update -qq")
        .and_then(|()| apt(&install))
        .with_context(|| format!("install {program} by hand, on Debian the package {package}"))
}

/// schemathesis, which tests the emulator against its description, lives in a Python environment of its own.
fn python(workspace: &Workspace) -> Result<()> {
    let probe = Invocation::program("python3")
        .args("-c")
        .arg("import ensurepip, venv");
    if workspace.output(&probe).is_ok() {
        return Ok(());
    }
    println!("installing python3-venv: schemathesis runs in it");
    let apt = |arguments| workspace.run(&as_root(workspace, "apt-get").args(arguments));
    apt("update -qq")
        .and_then(|()| apt("install -y -qq --no-install-recommends python3-venv"))
        .context("install Python 3 by hand, on Debian the package python3-venv")
}

fn as_root(workspace: &Workspace, program: &str) -> Invocation {
    let id = workspace.output(&Invocation::program("id").arg("-u"));
    if id.is_ok_and(|id| id.trim() == "0") {
        Invocation::program(program)
    } else {
        Invocation::program("sudo").arg(program)
    }
}

/// A program from the crate registry, pinned so that a new release cannot turn an unchanged checkout red.
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
    why: &'static str,
}

impl CargoTool {
    /// The tool as it is called: from the `PATH` if the pinned version is there, else this checkout's own.
    pub(crate) fn invocation(&self, workspace: &Workspace) -> Invocation {
        let on_path = Invocation::program(self.name);
        if self.is_pinned_version(workspace, &on_path) {
            on_path
        } else {
            let own = workspace.tools().join("bin").join(self.name);
            Invocation::program(own.to_string_lossy())
        }
    }

    fn install(&self, workspace: &Workspace) -> Result<()> {
        if self.is_pinned_version(workspace, &self.invocation(workspace)) {
            return Ok(());
        }
        let CargoTool { name, version, why } = self;
        println!("installing {name} {version}: {why}");
        // Unoptimised, without debug information: it runs for seconds, so what counts is how soon it is
        // compiled.
        workspace.run(
            &Invocation::cargo("install --locked --debug --config profile.dev.debug=false")
                .arg("--root")
                .arg(workspace.tools().to_string_lossy())
                .arg(format!("{name}@{version}")),
        )
    }

    fn is_pinned_version(&self, workspace: &Workspace, tool: &Invocation) -> bool {
        let expected = format!("{} {}", self.name, self.version);
        workspace
            .output(&tool.clone().arg("--version"))
            .is_ok_and(|output| output.trim() == expected)
    }
}
