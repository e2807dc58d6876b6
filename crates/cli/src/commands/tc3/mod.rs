mod sign;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Sign requests to the cloud API (TC3-HMAC-SHA256), without any network
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Sign(sign::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Sign(args) => args.run(screen),
        }
    }
}
