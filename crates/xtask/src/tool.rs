//! Programs that the checks run, pinned so that a new release cannot turn an unchanged checkout red.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::install;
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

/// What schemathesis and all that it needs is pinned to.
const SCHEMATHESIS: &str = include_str!("../schemathesis/requirements.txt");

/// The program schemathesis, installed if it is missing.
pub(crate) fn schemathesis(workspace: &Workspace) -> Result<PathBuf> {
    let why = "it tests the emulator against its description";
    python_program(workspace, "schemathesis", SCHEMATHESIS, why)
}

/// A program of Rust's. It is the one on the `PATH` if that has the pinned version. Else it is this checkout's own:
/// compiled already, from a package of Python, or where there is none for this machine from its source, which takes
/// minutes.
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
    why: &'static str,
}

impl CargoTool {
    /// The tool as it is called, installed if it is missing.
    pub(crate) fn installed(&self, workspace: &Workspace) -> Result<Invocation> {
        let CargoTool { name, version, why } = self;
        let compiled = workspace.tools().join("bin").join(name);
        for program in [PathBuf::from(name), compiled.clone()] {
            let tool = Invocation::program(program.to_string_lossy());
            if self.is_pinned_version(workspace, &tool) {
                return Ok(tool);
            }
        }
        let requirement = format!("astral-dev-toolchain-{name}=={version}\n");
        let program = match python_program(workspace, name, &requirement, why) {
            Ok(program) => program,
            Err(error) => {
                println!("compiling {name} instead: {error:#}");
                self.compile(workspace)?;
                compiled
            }
        };
        Ok(Invocation::program(program.to_string_lossy()))
    }

    fn compile(&self, workspace: &Workspace) -> Result<()> {
        // Unoptimised, without debug information: it runs for seconds, so what counts is how soon it is compiled.
        let install = "install --locked --debug --config profile.dev.debug=false --root";
        let install = Invocation::cargo(install).arg(workspace.tools().to_string_lossy());
        workspace.run(&install.arg(format!("{}@{}", self.name, self.version)))
    }

    fn is_pinned_version(&self, workspace: &Workspace, tool: &Invocation) -> bool {
        let expected = format!("{} {}", self.name, self.version);
        workspace
            .output(&tool.clone().arg("--version"))
            .is_ok_and(|output| output.trim() == expected)
    }
}

/// A program that packages of Python bring, in an environment of its own.
fn python_program(
    workspace: &Workspace,
    name: &str,
    requirements: &str,
    why: &str,
) -> Result<PathBuf> {
    let environment = workspace.tools().join(name);
    let program = environment.join("bin").join(name);
    // Written last, so that what was interrupted is begun again.
    let mark = environment.join("installed.txt");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == requirements) {
        return Ok(program);
    }
    install::python(workspace)?;
    println!("installing {name}: {why}");
    let venv = Invocation::program("python3").args("-m venv --clear");
    workspace.run(&venv.arg(environment.to_string_lossy()))?;
    let wanted = environment.join("requirements.txt");
    fs::write(&wanted, requirements)
        .with_context(|| format!("cannot write {}", wanted.display()))?;
    let pip = Invocation::program(environment.join("bin/pip").to_string_lossy());
    let install =
        pip.args("install --quiet --disable-pip-version-check --only-binary :all: --requirement");
    workspace.run(&install.arg(wanted.to_string_lossy()))?;
    fs::rename(&wanted, &mark)?;
    Ok(program)
}
