//! `cargo xtask bench NAME`: figures, each as a line `name = value`.

mod board;
mod comparison;
mod ledger;
mod npm;
mod tc3;
mod usersig;
mod webhook;

use anyhow::{Result, bail};

/// Runs the benchmark that `args` name.
pub(crate) fn run(args: &[String]) -> Result<()> {
    match args {
        [name] if name == "board" => board::run(),
        [name] if name == "ledger" => ledger::run(),
        [name] if name == "npm" => npm::run(),
        [name] if name == "tc3" => tc3::run(),
        [name] if name == "usersig" => usersig::run(),
        [name] if name == "webhook" => webhook::run(),
        _ => bail!("name a benchmark: board, ledger, npm, tc3, usersig or webhook"),
    }
}
