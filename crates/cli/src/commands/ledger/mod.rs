mod cancel;
mod purge;
mod settle;
mod show;
mod sweep;

use clap::Subcommand;

pub(super) use show::sheet;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Look after a ledger of rings: what is unknown, taken back or long past
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(show::Args),
    Settle(settle::Args),
    Cancel(cancel::Args),
    Sweep(sweep::Args),
    Purge(purge::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Show(args) => args.run(screen),
            Command::Settle(args) => args.run(screen),
            Command::Cancel(args) => args.run(screen),
            Command::Sweep(args) => args.run(screen),
            Command::Purge(args) => args.run(screen),
        }
    }
}

/// The key of a ring, as an argument.
fn key(text: &str) -> Result<trtc_call_ledger::RingKey, CommandError> {
    let key = trtc_call_ledger::RingKey::new(text);
    key.map_err(|problem| CommandError::Invalid(vec![problem.at("KEY")]))
}
