use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command};

use anyhow::{Context as _, Result, ensure};

use crate::workspace::Workspace;

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

    /// Whether these steps have failed by now.
    pub(super) fn has_failed(&mut self) -> Result<bool> {
        Ok(self
            .process
            .try_wait()?
            .is_some_and(|status| !status.success()))
    }

    /// Waits until these steps have ended, and shows what they printed.
    pub(super) fn end(mut self) -> Result<()> {
        let status = self.process.wait()?;
        let output = fs::read(&self.output)?;
        print!("{}", String::from_utf8_lossy(&output));
        ensure!(status.success(), "what ran beside: {}", self.names);
        Ok(())
    }
}
