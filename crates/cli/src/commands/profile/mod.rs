mod check;
mod list;
mod show;

use clap::Subcommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;

/// List, show and check the profiles that --profile names
///
/// A profile is an account by name, in the file trtc-call/profiles.toml of the configuration folder
/// ($XDG_CONFIG_HOME or ~/.config; %APPDATA% on Windows):
///
///   [production]
///   sdkappid = 1400000000
///   admin = "administrator"
///   region = "singapore"                      # or base-url
///   secret-key-file = "/run/secrets/trtc"     # a file that holds the key; no key stands here
///
/// Further ones are called as the options are: cloud-secret-id, cloud-secret-key-file, cloud-host or cloud-base-url,
/// cloud-region, ingest-room-coding, token-file. Relative paths start at the file's folder. An option wins over the
/// profile, and the profile over the environment.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Args),
    Show(show::Args),
    Check(check::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::List(args) => args.run(screen),
            Command::Show(args) => args.run(screen),
            Command::Check(args) => args.run(screen),
        }
    }
}
