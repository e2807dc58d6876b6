use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// A program and its arguments, which prints as the line that a person would type.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    program: String,
    arguments: Vec<String>,
}

impl Invocation {
    /// `program`, without arguments.
    pub(crate) fn program(program: impl Into<String>) -> Invocation {
        Invocation {
            program: program.into(),
            arguments: Vec::new(),
        }
    }

    /// Cargo, with arguments that are separated by spaces.
    pub(crate) fn cargo(arguments: &str) -> Invocation {
        Invocation::program("cargo").args(arguments)
    }

    /// Adds one argument as it stands.
    pub(crate) fn arg(mut self, argument: impl Into<String>) -> Invocation {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments that are separated by spaces.
    pub(crate) fn args(mut self, arguments: &str) -> Invocation {
        self.arguments
            .extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    /// Runs it, its output in sight.
    pub(crate) fn run(&self, directory: &Path) -> Result<()> {
        let status = self
            .command(directory)
            .status()
            .with_context(|| format!("cannot start `{self}`"))?;
        ensure!(status.success(), "{status}; to repeat it:\n  {self}");
        Ok(())
    }

    /// Runs it, and gives what it printed.
    pub(crate) fn output(&self, directory: &Path) -> Result<String> {
        let output = self
            .command(directory)
            .output()
            .with_context(|| format!("cannot start `{self}`"))?;
        ensure!(
            output.status.success(),
            "`{self}`: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).with_context(|| format!("what `{self}` printed"))
    }

    fn command(&self, directory: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(directory);
        // `cargo run` describes xtask in these. Build scripts that watch them would run again, and their
        // crates be compiled again, each time that the same check is run by hand.
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&*name);
            }
        }
        command
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quoted(&self.program))?;
        self.arguments
            .iter()
            .try_for_each(|argument| write!(f, " {}", quoted(argument)))
    }
}

/// As a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./,:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_as_a_shell_reads_it() {
        let invocation = Invocation::cargo("doc  --locked")
            .arg("a b")
            .arg("it's")
            .arg("");
        assert_eq!(
            invocation.to_string(),
            r"cargo doc --locked 'a b' 'it'\''s' ''"
        );
    }

    #[test]
    fn a_failure_names_the_command_to_repeat() {
        let failure = Invocation::program("false")
            .arg("really?")
            .run(Path::new("."))
            .unwrap_err();
        let message = failure.to_string();
        assert!(message.ends_with("\n  false 'really?'"), "{message}");
    }
}
