mod generate;
mod inspect;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Make and read PrivateMapKeys: tokens that grant rights in one room
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Gen(generate::Args),
    Inspect(inspect::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Gen(args) => args.run(screen),
            Command::Inspect(args) => args.run(screen),
        }
    }
}
