//! What the checks need and a fresh machine lacks. The step that needs something installs it, and says what it is
//! and why.

use anyhow::{Context as _, Result};

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// What the npm package's modules are compiled for. The script looks for itself whether there is anything to do.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    workspace.run(&Invocation::program(
        "crates/xtask/scripts/install-wasm-target.sh",
    ))
}

/// A component of the toolchain, which a minimal one lacks.
pub(crate) fn rust_component(
    workspace: &Workspace,
    name: &str,
    subcommand: &str,
    why: &str,
) -> Result<()> {
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
pub(crate) fn cxx_compiler(workspace: &Workspace) -> Result<()> {
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    debian_package(
        workspace,
        &compiler,
        "g++",
        "it compiles the fuzzer's engine",
    )
}

/// The npm package is tested in a real browser. `CHROMIUM` names one; else it is Debian's.
pub(crate) fn chromium(workspace: &Workspace) -> Result<()> {
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let why = "the npm package is tested in a real browser";
    debian_package(workspace, &browser, "chromium", why)
}

/// A ledger of rings is tested on a real PostgreSQL. Debian keeps each version's programs in a folder of its own.
pub(crate) fn postgresql(workspace: &Workspace) -> Result<()> {
    let probe = Invocation::program("sh")
        .arg("-c")
        .arg("ls /usr/lib/postgresql/*/bin/initdb");
    if workspace.output(&probe).is_ok() {
        return Ok(());
    }
    let why = "a ledger of rings is tested on a real PostgreSQL";
    apt_install(workspace, "postgresql", why)
}

fn debian_package(workspace: &Workspace, program: &str, package: &str, why: &str) -> Result<()> {
    if workspace
        .output(&Invocation::program(program).arg("--version"))
        .is_ok()
    {
        return Ok(());
    }
    apt_install(workspace, package, why)
}

/// Some tools come as packages of Python, ready to run; each lives in an environment of its own.
pub(crate) fn python(workspace: &Workspace) -> Result<()> {
    let probe = Invocation::program("python3")
        .args("-c")
        .arg("import ensurepip, venv");
    if workspace.output(&probe).is_ok() {
        return Ok(());
    }
    apt_install(
        workspace,
        "python3-venv",
        "some tools live in environments of Python",
    )
}

fn apt_install(workspace: &Workspace, package: &str, why: &str) -> Result<()> {
    println!("installing {package}: {why}");
    // Two steps may install something at the same time.
    let apt_get = || as_root(workspace, "apt-get").args("-o DPkg::Lock::Timeout=300");
    let apt = |arguments: &str| workspace.run(&apt_get().args(arguments));
    apt("update -qq")
        .and_then(|()| apt(&format!("install -y -qq --no-install-recommends {package}")))
        .with_context(|| format!("install it by hand: on Debian it is the package {package}"))
}

fn as_root(workspace: &Workspace, program: &str) -> Invocation {
    let id = workspace.output(&Invocation::program("id").arg("-u"));
    if id.is_ok_and(|id| id.trim() == "0") {
        Invocation::program(program)
    } else {
        Invocation::program("sudo").arg(program)
    }
}
