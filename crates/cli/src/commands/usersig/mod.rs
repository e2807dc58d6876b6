mod generate;
mod inspect;
mod verify;

use clap::Subcommand;
use trtc_call::usersig::Claims;

use crate::command_error::CommandError;
use crate::duration::Shown;
use crate::exit::Exit;
use crate::moment::Utc;
use crate::screen::Screen;
use crate::sheet::Sheet;

/// Make, read and check UserSigs, without any network
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Gen(generate::Args),
    Inspect(inspect::Args),
    Verify(verify::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Gen(args) => args.run(screen),
            Command::Inspect(args) => args.run(screen),
            Command::Verify(args) => args.run(screen),
        }
    }
}

/// What a token says, under `title`.
fn sheet(title: Sheet, claims: &Claims) -> Sheet {
    let lifetime = Shown::seconds(claims.expire_seconds);
    let buffer_bytes = claims.user_buffer.as_ref().map(Vec::len);
    title
        .row("user", &claims.identifier)
        .row("SDKAppID", claims.sdk_app_id)
        .row("made", Utc(claims.time))
        .row(
            "expires",
            format_args!("{}, after {lifetime}", Utc(claims.expires_at())),
        )
        .row_if(
            "user buffer",
            buffer_bytes.map(|bytes| format!("{bytes} bytes")),
        )
}
