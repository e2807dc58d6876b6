mod describe;
mod start;
mod stop;
mod update;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Play streams into rooms, without a call: `start --play` plays into one
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Start(Box<start::Args>),
    Update(update::Args),
    Describe(describe::Args),
    Stop(stop::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Start(args) => args.run(screen),
            Command::Update(args) => args.run(screen),
            Command::Describe(args) => args.run(screen),
            Command::Stop(args) => args.run(screen),
        }
    }
}
