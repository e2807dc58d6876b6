use serde::Serialize;
use trtc_call::call_config::get_callback::Request;
use trtc_call::webhook::CallbackCommand;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::Screen;
use crate::service::CommandArgs;
use crate::sheet::Sheet;

/// Tell where webhooks go, and which are sent
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    command: CommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let reply = self.command.send_if_configured(screen, Request::new())?;
        let Some(reply) = reply else {
            let text = "No webhooks are sent: there is no callback configuration";
            screen.show(text, &Document::default())?;
            return Ok(Exit::Ok);
        };
        let callback = &reply.response;
        let sheet = Sheet::new(format_args!("Webhooks go to {}", callback.url));
        let events = callback.commands.iter();
        let sheet = events.fold(sheet, |sheet, event| sheet.row("event", event));
        let document = Document {
            request_id: Some(&reply.request_id),
            configured: true,
            url: Some(&callback.url),
            commands: &callback.commands,
        };
        screen.show(sheet, &document)?;
        Ok(Exit::Ok)
    }
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    request_id: Option<&'a str>,
    configured: bool,
    url: Option<&'a str>,
    commands: &'a [CallbackCommand],
}
