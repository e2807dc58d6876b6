mod dismiss;
mod remove;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Dismiss rooms, and remove users from them
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Dismiss(dismiss::Args),
    Remove(remove::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Dismiss(args) => args.run(screen),
            Command::Remove(args) => args.run(screen),
        }
    }
}
