//! `cargo xtask test`: everything that must hold before a change goes in. What is missing is installed;
//! nothing is skipped.

use anyhow::Result;

use crate::console;
use crate::install::{self, CARGO_DENY, CARGO_FUZZ};
use crate::invocation::Invocation;
use crate::npm;
use crate::openapi;
use crate::report::Report;
use crate::vendor_sdk;
use crate::workspace::{FUZZ_MANIFEST, Workspace};

/// How long each fuzz target runs: enough to see that it works and to try again what earlier runs found.
/// Looking for something new takes longer, and is done by hand.
const FUZZ_SECONDS: u32 = 10;

/// Runs the steps until one fails, the quick ones first; ends with their durations.
pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let mut report = Report::default();
    let result = steps(&workspace, &mut report);
    report.print();
    result
}

fn steps(workspace: &Workspace, report: &mut Report) -> Result<()> {
    report.step("install what is missing", || install::run(workspace))?;
    report.step("format", || format(workspace))?;
    report.step("dependencies", || {
        let deny = CARGO_DENY.invocation(workspace);
        workspace.run(&deny.args("--locked check licenses bans sources"))
    })?;
    report.step("lints", || lints(workspace))?;
    report.step("each feature alone", || each_feature_alone(workspace))?;
    report.step("wasm32", || {
        workspace.run(&Invocation::cargo(
            "check --locked --target wasm32-unknown-unknown -p trtc-call-core -p trtc-call-emulator",
        ))
    })?;
    report.step("documentation", || {
        let doc = Invocation::cargo("doc --locked --workspace --all-features --no-deps --config");
        workspace.run(&doc.arg(r#"build.rustdocflags=["-Dwarnings"]"#))
    })?;
    report.step("description", || openapi::check(workspace))?;
    report.step("emulator against its description", || {
        let script = Invocation::program("crates/xtask/scripts/schemathesis.sh");
        workspace.run(&script.arg(workspace.tools().join("schemathesis").to_string_lossy()))
    })?;
    report.step("fuzz targets", || fuzz(workspace))?;
    report.step("npm package", || npm::test(workspace))?;
    report.step("npm package, reproducible", || {
        npm::check_reproducible(workspace)
    })?;
    report.step("vendor's SDK", || vendor_sdk::test(workspace))?;
    report.step("console", || console::test(workspace))?;
    report.step("tests", || {
        workspace.run(&Invocation::cargo(
            "test --locked --workspace --all-features",
        ))
    })
}

fn format(workspace: &Workspace) -> Result<()> {
    let fmt = || Invocation::cargo("fmt --check");
    workspace.run(&fmt().arg("--all"))?;
    workspace.run(&fmt().arg("--manifest-path").arg(FUZZ_MANIFEST))
}

fn lints(workspace: &Workspace) -> Result<()> {
    let clippy = || Invocation::cargo("clippy --locked --all-targets --all-features");
    workspace.run(&clippy().args("--workspace -- -D warnings"))?;
    let fuzz = clippy().arg("--manifest-path").arg(FUZZ_MANIFEST);
    workspace.run(&fuzz.args("-- -D warnings"))
}

/// Checks every crate without features and with each one of them. When all are built together, one crate
/// may live on a feature that only another one asks for.
fn each_feature_alone(workspace: &Workspace) -> Result<()> {
    for package in &workspace.packages {
        let check = || {
            Invocation::cargo("check --locked --no-default-features --package").arg(&package.name)
        };
        workspace.run(&check())?;
        for feature in package.features.keys() {
            workspace.run(&check().arg("--features").arg(feature))?;
        }
    }
    Ok(())
}

fn fuzz(workspace: &Workspace) -> Result<()> {
    for target in workspace.fuzz_targets()? {
        let fuzz = CARGO_FUZZ
            .invocation(workspace)
            .args("run --sanitizer none --fuzz-dir crates/core/fuzz")
            .arg(target);
        let engine = format!("-- -verbosity=0 -print_final_stats=1 -max_total_time={FUZZ_SECONDS}");
        workspace.run(&fuzz.args(&engine))?;
    }
    Ok(())
}
