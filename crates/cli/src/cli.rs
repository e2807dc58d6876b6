//! The command line. Help, completions and man pages all come from this definition.

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::command_error::CommandError;
use crate::commands::{
    callback, campaign, completions, console, decode, emulator, end, explain, ingest, ledger, man,
    private_map_key, profile, record, room, start, status, tc3, usersig, webhook,
};
use crate::exit::Exit;
use crate::screen::Screen;
use crate::style;

/// Ring your users from the server with Tencent RTC (TUICallKit)
#[derive(Debug, Parser)]
#[command(
    name = "trtc-call",
    version,
    styles = style::HELP,
    subcommand_required = true,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = AFTER_HELP,
)]
pub(crate) struct Cli {
    /// Print one JSON document to stdout, errors included
    #[arg(long, global = true, help_heading = "Output")]
    pub(crate) json: bool,
    /// Account to go by, of those that `trtc-call profile list` lists [env: TRTC_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Account")]
    profile: Option<String>,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Try it without an account:
  trtc-call start --callee jack --video --room roomid-test --wait --emulator
  trtc-call start --callee jack --room roomid-test --play https://example.com/hello.mp3 --emulator
  trtc-call campaign demo --emulator

Exit codes:
  0  it worked
  1  the service refused, or a token or a webhook is not valid
  2  the command line, a setting or a file is wrong
  3  the service could not be reached, or its reply could not be read
  4  the outcome is unknown: the phone may have rung, or a stream may play
  5  nobody was rung, or nobody answered";

#[derive(Debug, Subcommand)]
enum Command {
    Start(Box<start::Args>),
    Campaign(Box<campaign::Args>),
    Ledger(ledger::Args),
    Status(status::Args),
    End(end::Args),
    Ingest(ingest::Args),
    Room(room::Args),
    Record(record::Args),
    Callback(callback::Args),
    Usersig(usersig::Args),
    PrivateMapKey(private_map_key::Args),
    Tc3(tc3::Args),
    Webhook(webhook::Args),
    Profile(profile::Args),
    Explain(explain::Args),
    Decode(decode::Args),
    Console(console::Args),
    Emulator(emulator::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Narrower than this is no terminal, but a COLUMNS that says nothing, such as 0: one word a line.
const MIN_COLUMNS: usize = 20;

impl Cli {
    /// What the command line says. Help, and whatever cannot be read, ends the process.
    pub(crate) fn of_command_line() -> Cli {
        let columns = std::env::var("COLUMNS").ok();
        let columns = columns.and_then(|columns| columns.parse::<usize>().ok());
        let command = match columns {
            Some(columns) if columns < MIN_COLUMNS => Cli::command().term_width(100),
            _ => Cli::command(),
        };
        Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
    }

    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        if !matches!(&self.command, Command::Profile(_)) {
            crate::profile::choose(self.profile.as_deref()).map_err(CommandError::Invalid)?;
        }
        match &self.command {
            Command::Start(args) => args.run(screen),
            Command::Campaign(args) => args.run(screen),
            Command::Ledger(args) => args.run(screen),
            Command::Status(args) => args.run(screen),
            Command::End(args) => args.run(screen),
            Command::Ingest(args) => args.run(screen),
            Command::Room(args) => args.run(screen),
            Command::Record(args) => args.run(screen),
            Command::Callback(args) => args.run(screen),
            Command::Usersig(args) => args.run(screen),
            Command::PrivateMapKey(args) => args.run(screen),
            Command::Tc3(args) => args.run(screen),
            Command::Webhook(args) => args.run(screen),
            Command::Profile(args) => args.run(screen),
            Command::Explain(args) => args.run(screen),
            Command::Decode(args) => args.run(screen),
            Command::Console(args) => args.run(screen),
            Command::Emulator(args) => args.run(screen),
            Command::Completions(args) => args.run(screen),
            Command::Man(args) => args.run(screen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }
}
