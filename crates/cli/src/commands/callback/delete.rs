use serde_json::json;
use trtc_call::call_config::delete_callback::Request;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service::CommandArgs;
use crate::sheet::Sheet;
use crate::style::GOOD;

/// Have no more webhooks sent
///
/// Succeeds where there is no configuration, too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    command: CommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let reply = self.command.send_if_configured(screen, Request::new())?;
        let title = match &reply {
            Some(_) => "The callback configuration is deleted: no more webhooks are sent",
            None => "There was no callback configuration: no webhooks are sent",
        };
        let document = json!({
            "requestId": reply.as_ref().map(|reply| &reply.request_id),
            "deleted": reply.is_some(),
        });
        let sheet = Sheet::new(title).styled(GOOD);
        Ok(screen.show_done(sheet, &document, Done::harmless(title)))
    }
}
