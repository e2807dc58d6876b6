use anyhow::Result;

use crate::console;
use crate::install;
use crate::invocation::Invocation;
use crate::npm;
use crate::openapi;
use crate::public_api;
use crate::tool::{self, CARGO_DENY, CARGO_FUZZ};
use crate::vendor_sdk;
use crate::workspace::{FUZZ_MANIFEST, Workspace};

use super::Depth;

/// Something that must hold.
#[derive(Debug)]
pub(super) struct Step {
    /// As it is called on the command line.
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// It runs when it is named and with `--full`.
    pub(super) only_full: bool,
    pub(super) turn: Turn,
    pub(super) run: fn(&Workspace, &Depth) -> Result<()>,
}

/// When a step runs. What cargo compiles takes all processors; but most tests wait, for a call that rings or for a
/// browser, so that two of them run at a time. The two rows take about as long as each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// By itself, before all others: it is told soonest.
    First,
    /// Then.
    Then,
    /// Beside those, in a process of its own.
    Beside,
}

/// All steps, those first that fail most often and are told soonest.
pub(super) const STEPS: &[Step] = &[
    step("format", "rustfmt finds nothing to change", format).first(),
    step("lints", "clippy finds nothing", lints).first(),
    step(
        "build",
        "everything compiles, tests and examples too",
        build,
    )
    .first(),
    step(
        "tests",
        "unit tests, vectors, whole-program tests, examples",
        tests,
    ),
    step("documentation", "rustdoc finds nothing", documentation),
    step(
        "public-api",
        "the core and the client offer what their listings say",
        public_api,
    ),
    step(
        "features",
        "every crate compiles without features and with each one",
        each_feature_alone,
    )
    .only_full(),
    step(
        "worlds",
        "a call session and a ledger keep their guarantees in many more worlds",
        worlds,
    )
    .only_full(),
    step(
        "torture",
        "a ledger keeps its guarantees while workers are killed and the database crashes",
        torture,
    )
    .only_full(),
    step("wasm", "the core asks nothing of where it runs", wasm).beside(),
    step(
        "npm",
        "the npm package is built, checked, and tested in every runtime and bundler",
        npm_package,
    )
    .beside(),
    step(
        "reproducible",
        "the npm package's modules come out the same from nothing",
        reproducible,
    )
    .beside()
    .only_full(),
    step(
        "vendor-sdk",
        "the vendor's SDK for Node speaks with the emulator",
        vendor_sdk,
    ),
    step(
        "console",
        "the console's page in Chromium: what people come for",
        console,
    )
    .beside(),
    step(
        "pages",
        "the console's page in Chromium: each page with all it can do",
        pages,
    )
    .beside()
    .only_full(),
    step(
        "description",
        "openapi.json is what the types give",
        description,
    ),
    step(
        "schemathesis",
        "the emulator answers as openapi.json says",
        schemathesis,
    ),
    step(
        "dependencies",
        "cargo-deny finds licences, bans and sources in order",
        dependencies,
    ),
    step("fuzz", "every fuzz target runs", fuzz),
];

const fn step(
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace, &Depth) -> Result<()>,
) -> Step {
    Step {
        name,
        about,
        only_full: false,
        turn: Turn::Then,
        run,
    }
}

impl Step {
    const fn first(self) -> Step {
        Step {
            turn: Turn::First,
            ..self
        }
    }

    const fn beside(self) -> Step {
        Step {
            turn: Turn::Beside,
            ..self
        }
    }

    const fn only_full(self) -> Step {
        Step {
            only_full: true,
            ..self
        }
    }
}

fn format(workspace: &Workspace, _: &Depth) -> Result<()> {
    install::rust_component(workspace, "rustfmt", "fmt", "it checks the format")?;
    let fmt = || Invocation::cargo("fmt --check");
    workspace.run(&fmt().arg("--all"))?;
    workspace.run(&fmt().arg("--manifest-path").arg(FUZZ_MANIFEST))
}

fn lints(workspace: &Workspace, _: &Depth) -> Result<()> {
    install::rust_component(workspace, "clippy", "clippy", "it checks the lints")?;
    workspace.run(&Invocation::cargo(
        "clippy --locked --all-targets --all-features --workspace -- -D warnings",
    ))
}

/// With the features of the whole workspace always, so that nothing is built a second time.
const TEST: &str = "test --locked --workspace --all-features";

fn build(workspace: &Workspace, _: &Depth) -> Result<()> {
    workspace.run(&Invocation::cargo(TEST).arg("--no-run"))
}

fn tests(workspace: &Workspace, _: &Depth) -> Result<()> {
    install::postgresql(workspace)?;
    // More threads than cores: many tests wait for a process, or for a call that rings.
    workspace.run(&Invocation::cargo(TEST).args("-- --test-threads 16"))
}

fn documentation(workspace: &Workspace, _: &Depth) -> Result<()> {
    workspace.run(&public_api::pages())
}

fn public_api(workspace: &Workspace, _: &Depth) -> Result<()> {
    public_api::check(workspace)
}

/// When all are built together, one crate may live on a feature that only another one asks for.
fn each_feature_alone(workspace: &Workspace, _: &Depth) -> Result<()> {
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

fn worlds(workspace: &Workspace, depth: &Depth) -> Result<()> {
    let variable = format!("TRTC_CALL_WORLDS={}", depth.worlds);
    let test = "cargo test --locked --package trtc-call-core --test call_session --test ring_ledger -- --nocapture";
    workspace.run(&Invocation::program("env").arg(variable).args(test))
}

fn torture(workspace: &Workspace, depth: &Depth) -> Result<()> {
    install::postgresql(workspace)?;
    let variable = format!("TRTC_CALL_TORTURE_SECONDS={}", depth.torture_seconds);
    let env = Invocation::program("env").arg(variable).arg("cargo");
    workspace.run(&env.args(TEST).args("--test torture -- --nocapture"))
}

fn wasm(workspace: &Workspace, _: &Depth) -> Result<()> {
    install::wasm_target(workspace)?;
    workspace.run(&Invocation::cargo(TEST).args("--test core_wasm"))
}

fn npm_package(workspace: &Workspace, depth: &Depth) -> Result<()> {
    install::chromium(workspace)?;
    install::postgresql(workspace)?;
    npm::test(workspace, depth.is_full)
}

fn reproducible(workspace: &Workspace, _: &Depth) -> Result<()> {
    npm::build(workspace)?;
    npm::check_reproducible(workspace)
}

fn vendor_sdk(workspace: &Workspace, _: &Depth) -> Result<()> {
    vendor_sdk::test(workspace)
}

fn console(workspace: &Workspace, depth: &Depth) -> Result<()> {
    install::chromium(workspace)?;
    console::test(workspace, "test:main", depth.is_full)
}

fn pages(workspace: &Workspace, depth: &Depth) -> Result<()> {
    install::chromium(workspace)?;
    console::test(workspace, "test:pages", depth.is_full)
}

fn description(workspace: &Workspace, _: &Depth) -> Result<()> {
    openapi::check(workspace)
}

fn schemathesis(workspace: &Workspace, depth: &Depth) -> Result<()> {
    let program = tool::schemathesis(workspace)?;
    let script = Invocation::program("crates/xtask/scripts/schemathesis.sh");
    let script = script.arg(program.to_string_lossy());
    let script = script.arg(workspace.command()?.to_string_lossy());
    workspace.run(&script.arg(depth.examples.to_string()))
}

fn dependencies(workspace: &Workspace, _: &Depth) -> Result<()> {
    let deny = CARGO_DENY.installed(workspace)?;
    workspace.run(&deny.args("--locked check licenses bans sources"))
}

fn fuzz(workspace: &Workspace, depth: &Depth) -> Result<()> {
    install::cxx_compiler(workspace)?;
    if depth.is_full {
        // It compiles the fuzzer's engine a second time.
        let clippy = Invocation::cargo("clippy --locked --manifest-path").arg(FUZZ_MANIFEST);
        workspace.run(&clippy.args("--all-targets -- -D warnings"))?;
    }
    let fuzz = CARGO_FUZZ.installed(workspace)?;
    // Optimised, as cargo-fuzz does by itself, a target is compiled longer, by more than a short run wins by it.
    let is_short = depth.fuzz_seconds < 10;
    let mode = if is_short { "--dev" } else { "" };
    let options = format!("--sanitizer none --fuzz-dir crates/core/fuzz {mode}");
    workspace.run(&fuzz.clone().arg("build").args(&options))?;
    for target in workspace.fuzz_targets()? {
        let run = fuzz.clone().arg("run").args(&options).arg(target);
        let engine = "-- -verbosity=0 -print_funcs=0 -print_final_stats=1 -max_total_time=";
        workspace.run(&run.args(&format!("{engine}{}", depth.fuzz_seconds)))?;
    }
    Ok(())
}
