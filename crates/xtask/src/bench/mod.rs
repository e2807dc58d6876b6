//! `cargo xtask bench NAME`: figures, each as a line `name = value`.

mod npm;
mod usersig;

use anyhow::{Result, bail};

/// Runs the benchmark that `args` name.
pub(crate) fn run(args: &[String]) -> Result<()> {
    match args {
        [name] if name == "npm" => npm::run(),
        [name] if name == "usersig" => usersig::run(),
        _ => bail!("name a benchmark: npm, usersig"),
    }
}
