use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// The steps that were run, and how long each took.
pub(crate) struct Report {
    start: Instant,
    lines: Vec<String>,
}

impl Report {
    /// Without a step.
    pub(crate) fn new() -> Report {
        Report {
            start: Instant::now(),
            lines: Vec::new(),
        }
    }

    /// Runs one step under its name.
    pub(crate) fn step(&mut self, name: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = run();
        let duration = start.elapsed();
        let mark = if result.is_ok() { "ok" } else { "FAILED" };
        self.lines.push(line(mark, duration, name));
        result.with_context(|| format!("step `{name}`"))
    }

    /// Prints the steps with their durations.
    pub(crate) fn print(&self) {
        println!();
        for line in &self.lines {
            println!("{line}");
        }
        println!("{}", line("", self.start.elapsed(), "in all"));
    }
}

fn line(mark: &str, duration: Duration, name: &str) -> String {
    format!("{mark:>6} {:>7.1} s  {name}", duration.as_secs_f64())
}
