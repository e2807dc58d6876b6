mod key;
mod parse;
mod sign;
mod verify;

use clap::Subcommand;
use trtc_call::webhook::ingest::{IngestEvent, IngestEventKind};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::moment::UtcMillis;
use crate::screen::Screen;
use crate::sheet::Sheet;

/// Webhooks about streams: they are signed in another way than those about calls
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Parse(parse::Args),
    Verify(verify::Args),
    Sign(sign::Args),
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        match &self.command {
            Command::Parse(args) => args.run(screen),
            Command::Verify(args) => args.run(screen),
            Command::Sign(args) => args.run(screen),
        }
    }
}

/// What a webhook tells.
fn sheet(event: &IngestEvent) -> Sheet {
    let title = match event.kind {
        IngestEventKind::Started => "The stream plays".to_owned(),
        IngestEventKind::Failed => "The stream could not be played".to_owned(),
        IngestEventKind::Restarting => "The stream broke; the service pulls it again".to_owned(),
        IngestEventKind::Stopped => "The task has ended".to_owned(),
        _ => format!("Event {} of group {}", event.event_type, event.event_group),
    };
    let sheet = Sheet::new(title)
        .row_if("task", event.task_id.as_ref())
        .row("happened", UtcMillis(event.event_time))
        .row_if("sent", event.callback_time.map(UtcMillis));
    let others = event.other_fields.iter();
    others.fold(sheet, |sheet, (path, value)| sheet.row(path, value))
}
