//! `cargo xtask npm`: the npm package, from the bindings to the tarball.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::install::wasm_target;
use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// The name of the program: what is exported by this crate and those it depends on. The optimiser's settings are
/// in the profile `npm`.
const PROGRAM: &str = "trtc_call_wasm";

/// The files that it is cut into, by `trtc-call-wasm-split`.
const PARTS: [&str; 3] = ["main", "more", "testing"];

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the package and prints where its tarball is; with the argument `test`, tests it.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let workspace = Workspace::load()?;
    match arguments {
        [] => println!("{}", build(&workspace)?.display()),
        [what] if what == "test" => test(&workspace)?,
        _ => bail!("nothing but `test` may follow `cargo xtask npm`"),
    }
    Ok(())
}

/// Builds and packs the package.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    wasm_target(workspace)?;
    install(workspace, "pkg")?;
    build_modules(workspace, workspace.target(), Path::new("pkg/wasm"))?;
    workspace.run(&Invocation::program("node").arg("pkg/build.mjs"))?;
    let folder = workspace.target().join("npm-package");
    std::fs::create_dir_all(&folder)?;
    let pack = Invocation::program("npm").args("pack --silent ./pkg --pack-destination");
    let pack = pack.arg(folder.to_string_lossy());
    println!("$ {pack}");
    let name = workspace.output(&pack)?;
    Ok(folder.join(name.trim()))
}

/// Builds the package, checks and tests it, on every runtime it is for.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let tarball = build(workspace)?;
    check_reproducible(workspace)?;
    workspace.run(&Invocation::program("pkg/node_modules/.bin/publint").arg("pkg"))?;
    // What resolves packages as Node 10 did knows no `exports`, and is older than every Node this is for.
    let attw = "--profile node16 --no-emoji --no-color";
    let attw = Invocation::program("pkg/node_modules/.bin/attw").args(attw);
    workspace.run(&attw.arg(tarball.to_string_lossy()))?;

    install(workspace, "pkg/test-projects")?;
    workspace.run(&Invocation::cargo(
        "build --locked --quiet -p trtc-call-cli",
    ))?;
    let program = workspace.target().join("debug/trtc-call");
    let node = || {
        let variable = format!("TRTC_CALL={}", program.display());
        Invocation::program("env").arg(variable).arg("node")
    };
    workspace.run(&node().args("--test pkg/test/"))?;
    let projects = node().arg("pkg/test-projects/run.mjs");
    workspace.run(&projects.arg(tarball.to_string_lossy()))
}

/// Builds the modules a second time, from nothing, and compares.
fn check_reproducible(workspace: &Workspace) -> Result<()> {
    let again = workspace.target().join("npm-again");
    if again.exists() {
        std::fs::remove_dir_all(&again)?;
    }
    let rebuilt = again.join("modules");
    build_modules(workspace, &again, &rebuilt)?;
    for entry in std::fs::read_dir(&rebuilt)? {
        let path = entry?.path();
        let name = path.file_name().context("a file without a name")?;
        let first = workspace.path("pkg/wasm").join(name);
        ensure!(
            std::fs::read(&path)? == std::fs::read(&first)?,
            "{} differs from {}: the build is not reproducible",
            path.display(),
            first.display()
        );
    }
    Ok(std::fs::remove_dir_all(&again)?)
}

/// Installs the npm packages that the lockfile in `folder` names. None of their scripts runs.
pub(crate) fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    let lockfile = |path: &str| std::fs::read(workspace.path(folder).join(path)).ok();
    // npm keeps a copy of what it installed; ours beside it tells whether that is what is wanted.
    let mark = "node_modules/.trtc-call-lockfile";
    if lockfile(mark).is_some() && lockfile(mark) == lockfile("package-lock.json") {
        return Ok(());
    }
    println!("installing the npm packages of {folder}");
    // `npm ci` would want every platform's optional packages in the lockfile, and not all registries have them.
    let install = "install --no-save --ignore-scripts --no-audit --no-fund --prefix";
    workspace.run(&Invocation::program("npm").args(install).arg(folder))?;
    let folder = workspace.path(folder);
    std::fs::copy(folder.join("package-lock.json"), folder.join(mark))?;
    Ok(())
}

fn build_modules(workspace: &Workspace, target: &Path, output: &Path) -> Result<()> {
    let cargo =
        "RUSTC_BOOTSTRAP=1 cargo build --locked --quiet --profile npm -p trtc-call-wasm --target";
    let cargo = Invocation::program("env").args(cargo).arg(TARGET);
    let cargo = cargo.args("--config bindings/small-std.toml --config");
    let cargo = cargo.arg(rustflags(workspace)?).arg("--target-dir");
    workspace.run(&cargo.arg(target.to_string_lossy()))?;
    cut(workspace, target, output)?;
    optimise_parts(workspace, output, "--strip-debug --strip-producers")
}

/// Writes the glue and the parts, which still have their functions' names, to the folder `output`.
fn cut(workspace: &Workspace, target: &Path, output: &Path) -> Result<()> {
    let built = target.join(TARGET).join("npm").join(PROGRAM);
    let built = built.with_extension("wasm");
    let (built, output) = (built.to_string_lossy(), output.to_string_lossy());
    let folder = workspace.path(&output);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    let tool = |name: &str| {
        let cargo = Invocation::cargo("run --locked --quiet -p").arg(name);
        cargo.arg("--").arg(built.as_ref())
    };
    workspace.run(&tool("trtc-call-wasm-glue").arg(output.as_ref()))?;
    let whole = format!("{output}/{PROGRAM}_bg.wasm");
    // Functions that are called once are made one with their callers only when it is known that they are in the
    // same part.
    let apart = "-Oz -g --one-caller-inline-max-function-size=0";
    optimise(workspace, Path::new(&whole), apart)?;
    workspace.run(
        &tool("trtc-call-wasm-split")
            .arg(&whole)
            .arg(output.as_ref()),
    )?;
    Ok(std::fs::remove_file(workspace.path(&whole))?)
}

/// Control flow that is taken apart and put together again comes out smaller, after a second round of all passes; and
/// so do calls, whose functions that are called most have the lowest numbers. The lowest kilobyte of memory is the
/// end of the stack, in which nothing has an address.
fn optimise_parts(workspace: &Workspace, folder: &Path, options: &str) -> Result<()> {
    let smaller = "--low-memory-unused --flatten --rereloop -Oz -Oz --reorder-functions";
    let options = format!("{smaller} {options}");
    for part in PARTS {
        optimise(workspace, &folder.join(format!("{part}.wasm")), &options)?;
    }
    Ok(())
}

fn optimise(workspace: &Workspace, wasm: &Path, options: &str) -> Result<()> {
    let optimise = Invocation::program("pkg/node_modules/.bin/wasm-opt").args(options);
    let optimise = optimise.arg(wasm.to_string_lossy()).arg("-o");
    workspace.run(&optimise.arg(wasm.to_string_lossy()))
}

/// The parts as they are packed but with their functions' names, in `folder`. Run [`build`] first.
pub(crate) fn parts_with_names(workspace: &Workspace, folder: &Path) -> Result<()> {
    cut(workspace, workspace.target(), folder)?;
    optimise_parts(workspace, folder, "-g")
}

/// The relocations tell which part of the program uses what. Paths of source files that are still named must not
/// tell where this checkout is, nor differ between machines.
fn rustflags(workspace: &Workspace) -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.context("no CARGO_HOME")?.join("registry/src");
    let sysroot = workspace.output(&Invocation::program("rustc").args("--print sysroot"))?;
    let std = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    let mut folders = vec![
        (workspace.path(""), ".".to_owned()),
        (std, "rust".to_owned()),
    ];
    for entry in std::fs::read_dir(&sources)? {
        folders.push((entry?.path(), "crates".to_owned()));
    }
    let mut flags = vec!["'-Clink-arg=--emit-relocs'".to_owned()];
    flags.extend(folders.iter().map(|(from, to)| {
        let from = from.to_string_lossy();
        format!("'--remap-path-prefix={}={to}'", from.trim_end_matches('/'))
    }));
    Ok(format!("target.{TARGET}.rustflags=[{}]", flags.join(",")))
}
