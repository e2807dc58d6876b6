use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context as _, Result, bail, ensure};

use crate::workspace::Workspace;

/// As many show a failed test with where it failed, and the steps' durations.
const LINES_OF_A_FAILURE: usize = 60;

/// Steps that run at the same time as others, in a process of their own. What it prints is kept, so that the two do
/// not mix, and shown when it has ended.
pub(super) struct Beside {
    process: Child,
    output: PathBuf,
    names: String,
}

impl Beside {
    /// Starts this program with these steps and the options that say how thorough they are.
    pub(super) fn start(workspace: &Workspace, names: &[&str], depth: &[String]) -> Result<Beside> {
        let output = workspace.target().join("beside.txt");
        let file =
            File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;
        let this = std::env::current_exe().context("where this program is")?;
        let names_in_a_row = names.join(", ");
        println!("\n== beside the next steps: {names_in_a_row}");
        println!(
            "what they print is in {} until they have ended",
            output.display()
        );
        let process = Command::new(this)
            .arg("test")
            .args(names)
            .args(depth)
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("cannot start the steps beside")?;
        Ok(Beside {
            process,
            output,
            names: names_in_a_row,
        })
    }

    /// Fails if these steps have failed by now, and says what they printed last: what failed stands there.
    pub(super) fn check(&mut self) -> Result<()> {
        let status = self.process.try_wait()?;
        if status.is_none_or(|status| status.success()) {
            return Ok(());
        }
        let output = self.output()?;
        let lines: Vec<&str> = output.lines().collect();
        let last = &lines[lines.len().saturating_sub(LINES_OF_A_FAILURE)..];
        bail!("a step beside, which ended with\n{}\n", last.join("\n"))
    }

    /// Waits until these steps have ended, and shows what they printed.
    pub(super) fn end(mut self) -> Result<()> {
        let status = self.process.wait()?;
        print!("{}", self.output()?);
        ensure!(status.success(), "what ran beside: {}", self.names);
        Ok(())
    }

    fn output(&self) -> Result<String> {
        let output = fs::read(&self.output)?;
        Ok(String::from_utf8_lossy(&output).into_owned())
    }
}
