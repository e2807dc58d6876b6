//! `cargo xtask npm`: the npm package, from the bindings to the tarball.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

use crate::install::wasm_target;
use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// The crates, and the files that the package ships them as.
const MODULES: [(&str, &str); 2] = [
    ("trtc-call-wasm", "core"),
    ("trtc-call-wasm-testing", "testing"),
];

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the package and prints where its tarball is; with the argument `test`, tests it. What follows `test` is for
/// `pkg/test-projects/run.mjs`, which then runs alone.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let workspace = Workspace::load()?;
    match arguments {
        [] => println!("{}", build(&workspace)?.display()),
        [what] if what == "test" => test(&workspace, false)?,
        [what, projects @ ..] if what == "test" => {
            let tarball = build(&workspace)?;
            test_projects(&workspace, &tarball, projects)?;
        }
        _ => bail!("nothing but `test` may follow `cargo xtask npm`"),
    }
    Ok(())
}

/// Builds and packs the package, once for all steps of a run.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(tarball) = workspace.npm_package.get() {
        return Ok(tarball.clone());
    }
    let tarball = pack(workspace)?;
    Ok(workspace.npm_package.get_or_init(|| tarball).clone())
}

fn pack(workspace: &Workspace) -> Result<PathBuf> {
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

/// Builds the package, checks and tests it, in all runtimes, bundlers and test runners; the slow ones are left out
/// unless asked for.
pub(crate) fn test(workspace: &Workspace, with_slow: bool) -> Result<()> {
    let tarball = build(workspace)?;
    workspace.run(&Invocation::program("pkg/node_modules/.bin/publint").arg("pkg"))?;
    let attw = Invocation::program("pkg/node_modules/.bin/attw").args("--no-emoji --no-color");
    workspace.run(&attw.arg(tarball.to_string_lossy()))?;
    // They wait for calls that ring most of the time. This reporter tells last what failed.
    let tests = "--test --test-reporter=spec --test-concurrency=6 pkg/test/";
    workspace.run(&node_with_command(workspace)?.args(tests))?;
    let words = with_slow.then(|| "--all".to_owned());
    test_projects(workspace, &tarball, words.as_slice())
}

/// Runs the test projects that are named; with `--all` all of them, without a word all but the slow ones.
fn test_projects(workspace: &Workspace, tarball: &Path, words: &[String]) -> Result<()> {
    let projects = node_with_command(workspace)?.arg("pkg/test-projects/run.mjs");
    let projects = projects.arg(tarball.to_string_lossy());
    workspace.run(&words.iter().fold(projects, Invocation::arg))
}

/// Node, which finds the command `trtc-call` by the variable `TRTC_CALL`: it is the emulator behind the tests.
fn node_with_command(workspace: &Workspace) -> Result<Invocation> {
    let variable = format!("TRTC_CALL={}", workspace.command()?.display());
    Ok(Invocation::program("env").arg(variable).arg("node"))
}

/// Builds the modules a second time, from nothing, and compares them with those of the package, which is built.
pub(crate) fn check_reproducible(workspace: &Workspace) -> Result<()> {
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

/// Compiles the bindings, and writes each module with its glue to the folder `output`.
fn build_modules(workspace: &Workspace, target: &Path, output: &Path) -> Result<()> {
    let mut cargo = Invocation::cargo("build --locked --quiet --profile npm --target").arg(TARGET);
    for (krate, _) in MODULES {
        cargo = cargo.arg("--package").arg(krate);
    }
    let cargo = cargo.arg("--config").arg(rustflags(workspace)?);
    workspace.run(&cargo.arg("--target-dir").arg(target.to_string_lossy()))?;

    let folder = workspace.path(&output.to_string_lossy());
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    for (krate, name) in MODULES {
        let library = krate.replace('-', "_");
        let built = target.join(TARGET).join("npm").join(&library);
        let bindgen = Invocation::cargo("run --locked --quiet -p trtc-call-wasm-bindgen --");
        let bindgen = bindgen.arg(built.with_extension("wasm").to_string_lossy());
        workspace.run(&bindgen.arg(output.to_string_lossy()))?;
        let bound = output.join(format!("{library}_bg.wasm"));
        let optimised = output.join(name).with_extension("wasm");
        optimise(workspace, &bound, &optimised, &built)?;
    }
    Ok(())
}

/// Makes the module `bound` smaller and removes it. That takes long: what came out is kept beside what the compiler
/// `built`, together with what went in, and is used again for the same.
fn optimise(workspace: &Workspace, bound: &Path, optimised: &Path, built: &Path) -> Result<()> {
    let from = workspace.path(&bound.to_string_lossy());
    let to = workspace.path(&optimised.to_string_lossy());
    let (kept_from, kept_to) = (
        built.with_extension("bound"),
        built.with_extension("optimised"),
    );
    if std::fs::read(&kept_from).ok() == Some(std::fs::read(&from)?) {
        std::fs::copy(&kept_to, &to)?;
    } else {
        let optimise = Invocation::program("pkg/node_modules/.bin/wasm-opt").arg("-Oz");
        let optimise = optimise.arg(bound.to_string_lossy()).arg("-o");
        workspace.run(&optimise.arg(optimised.to_string_lossy()))?;
        std::fs::copy(&to, &kept_to)?;
        std::fs::copy(&from, &kept_from)?;
    }
    Ok(std::fs::remove_file(&from)?)
}

/// Paths of source files, which panics name, must not tell where this checkout is, nor differ between machines.
fn rustflags(workspace: &Workspace) -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.context("no CARGO_HOME")?.join("registry/src");
    let mut folders = vec![(workspace.path(""), ".")];
    for entry in std::fs::read_dir(&sources)? {
        folders.push((entry?.path(), "crates"));
    }
    let flags = folders.iter().map(|(from, to)| {
        let from = from.to_string_lossy();
        format!("'--remap-path-prefix={}={to}'", from.trim_end_matches('/'))
    });
    let flags: Vec<_> = flags.collect();
    Ok(format!("target.{TARGET}.rustflags=[{}]", flags.join(",")))
}
