//! Rounds of this library's benchmark and of a vendor's package, with the ratio of the two.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};

use crate::invocation::Invocation;
use crate::workspace::Workspace;

/// Each round runs every competitor, so that all of them meet the same weather.
const ROUNDS: usize = 5;

/// What is compared with what.
pub(super) struct Comparison {
    /// The benchmark of `trtc-call-core`.
    pub(super) bench: &'static str,
    /// The program for Node that measures the vendor's package; it is given the package's folder.
    pub(super) script: &'static str,
    pub(super) package: &'static str,
    pub(super) version: &'static str,
    /// What is divided by what, in each round: a machine that is busy slows both.
    pub(super) ratios: &'static [(&'static str, &'static str, &'static str)],
}

/// Prints the median of each figure, and nothing else to stdout.
pub(super) fn run(comparison: &Comparison) -> Result<()> {
    let workspace = Workspace::load()?;
    let package = install_vendor_package(&workspace, comparison)?;
    let ours = Invocation::cargo("bench --locked --quiet --package trtc-call-core --bench")
        .arg(comparison.bench);
    let vendor = Invocation::program("node")
        .arg(comparison.script)
        .arg(package);
    eprintln!("building the benchmark");
    workspace.output(&ours.clone().arg("--no-run"))?;

    let mut rounds: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        let mut figures = figures(&workspace.output(&ours)?)?;
        figures.extend(self::figures(&workspace.output(&vendor)?)?);
        for (name, ours, theirs) in comparison.ratios {
            let figure = |name: &str| {
                figures
                    .get(name)
                    .with_context(|| format!("no figure {name}"))
            };
            figures.insert((*name).to_owned(), figure(ours)? / figure(theirs)?);
        }
        for (name, value) in figures {
            rounds.entry(name).or_default().push(value);
        }
    }
    for (name, values) in rounds {
        let digits = if name.contains(".ratio_") { 2 } else { 0 };
        println!("{name} = {:.digits$}", median(values));
    }
    Ok(())
}

/// Puts the package below the build's folder, and gives its path.
fn install_vendor_package(workspace: &Workspace, comparison: &Comparison) -> Result<String> {
    let Comparison {
        bench,
        package: name,
        version,
        ..
    } = comparison;
    let folder = workspace.tools().join(format!("vendor-{bench}"));
    let package = folder.join("node_modules").join(name);
    let manifest = std::fs::read_to_string(package.join("package.json")).unwrap_or_default();
    if !manifest.contains(&format!("\"version\": \"{version}\"")) {
        eprintln!("installing {name} {version}: it is the vendor's signer to compare with");
        let install = Invocation::program("npm")
            .args("install --ignore-scripts --no-save --no-audit --no-fund --prefix")
            .arg(folder.to_string_lossy())
            .arg(format!("{name}@{version}"));
        workspace
            .output(&install)
            .context("the comparison needs Node and its npm")?;
    }
    Ok(package.to_string_lossy().into_owned())
}

/// Reads lines `name = value`.
pub(super) fn figures(printed: &str) -> Result<BTreeMap<String, f64>> {
    let mut figures = BTreeMap::new();
    for line in printed.lines() {
        let figure = line
            .split_once(" = ")
            .and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
        let (name, value) = figure.with_context(|| format!("no figure: {line:?}"))?;
        figures.insert(name, value);
    }
    ensure!(!figures.is_empty(), "no figures were printed");
    Ok(figures)
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_they_are_printed() {
        let read = figures("a.b = 1200000\nc = 0.5\n").unwrap();
        assert_eq!(read["a.b"], 1_200_000.0);
        assert_eq!(read["c"], 0.5);
        assert!(figures("").is_err());
        assert!(figures("a = fast").is_err());
    }

    #[test]
    fn the_median_ignores_an_outlier() {
        assert_eq!(median(vec![3.0, 1000.0, 2.0]), 3.0);
    }
}
