mod ingest;
mod listen;
mod parse;
mod sheet;
mod sign;
mod verify;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// Receive webhooks, and read, check and make them without any network
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Listen(listen::Args),
    Parse(parse::Args),
    Verify(verify::Args),
    Sign(sign::Args),
    Ingest(ingest::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Listen(args) => args.run(screen),
            Command::Parse(args) => args.run(screen),
            Command::Verify(args) => args.run(screen),
            Command::Sign(args) => args.run(screen),
            Command::Ingest(args) => args.run(screen),
        }
    }
}

/// What stands behind the `?` of a URL, or the text itself where somebody gives the query alone.
fn query_of(url: &str) -> &str {
    let url = url.split('#').next().unwrap_or_default();
    match url.split_once('?') {
        Some((_, query)) => query,
        None if url.contains("://") => "",
        None => url,
    }
}
