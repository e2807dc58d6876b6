use clap::CommandFactory as _;
use clap_complete::Shell;
use serde_json::json;

use crate::cli::Cli;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Print a completion script for a shell
///
/// For bash: trtc-call completions bash > ~/.local/share/bash-completion/completions/trtc-call
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Shell to write the script for
    shell: Shell,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "trtc-call", &mut script);
        let script = String::from_utf8_lossy(&script);
        let document = json!({ "shell": self.shell.to_string(), "script": script });
        screen.show(script.trim_end(), &document)?;
        Ok(Exit::Ok)
    }
}
