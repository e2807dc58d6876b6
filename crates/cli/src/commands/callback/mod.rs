mod delete;
mod get;
mod set;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Set where the service sends webhooks, and which
///
/// An application has one callback configuration at most.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Set(set::Args),
    Get(get::Args),
    Delete(delete::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Set(args) => args.run(screen),
            Command::Get(args) => args.run(screen),
            Command::Delete(args) => args.run(screen),
        }
    }
}
