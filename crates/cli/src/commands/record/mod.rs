mod get;
mod list;

use clap::Subcommand;

pub(super) use get::sheet;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Read the records of past calls
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Get(get::Args),
    List(list::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Get(args) => args.run(screen),
            Command::List(args) => args.run(screen),
        }
    }
}
