//! Webhooks on one thread, verified and read: in Rust, against plain Rust, and by the npm package in Node and
//! in workerd.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use super::comparison::{figures, median};
use crate::invocation::Invocation;
use crate::npm;
use crate::workspace::Workspace;

const ROUNDS: usize = 3;

/// Prints the median of each figure.
pub(super) fn run() -> Result<()> {
    let workspace = Workspace::load()?;
    let bench =
        Invocation::cargo("bench --locked --quiet --package trtc-call-core --bench webhook");
    eprintln!("building the benchmark");
    workspace.output(&bench.clone().arg("--no-run"))?;

    let mut rounds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        let mut figures = figures(&workspace.output(&bench)?)?;
        let figure = |name: &str| {
            let figure = figures.get(name);
            figure.with_context(|| format!("no figure {name}"))
        };
        // Divided within a round: a machine that is busy slows both.
        let ours = figure("webhook.verify_and_parse.end.per_second")?;
        let plain = figure("webhook.verify_and_parse.end.plain_rust.per_second")?;
        let ratio = ours / plain;
        figures.insert(
            "webhook.verify_and_parse.ratio_vs_plain_rust".to_owned(),
            ratio,
        );
        for (name, value) in figures {
            rounds.entry(name).or_default().push(value);
        }
    }
    for (name, values) in rounds {
        let digits = if name.contains(".ratio_") { 2 } else { 0 };
        println!("{name} = {:.digits$}", median(values));
    }
    npm::build(&workspace)?;
    npm::install(&workspace, "pkg/test-projects")?;
    let script = Invocation::program("node").arg("crates/xtask/src/bench/webhook.mjs");
    workspace.run(&script.args("pkg pkg/test-projects"))
}
