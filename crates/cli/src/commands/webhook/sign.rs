use std::ffi::OsString;

use serde_json::json;
use trtc_call::Problem;
use trtc_call::webhook::{CallbackCommand, TestDelivery, parse_body_unverified};

use crate::account::SdkAppIdArg;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::Input;
use crate::moment::NowArg;
use crate::screen::Screen;
use crate::webhook_token::WebhookTokenArg;

/// Make a signed webhook, to test a receiver with
///
/// Prints the URL to POST the body to, as the service would; with --json the whole request.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File that holds the body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
    /// URL of the receiver
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8098/")]
    url: String,
    /// CallbackCommand [default: the body's]
    #[arg(long, value_name = "COMMAND")]
    command: Option<String>,
    /// ClientIP
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    client_ip: String,
    /// OptPlatform
    #[arg(long, value_name = "NAME", default_value = "RESTAPI")]
    platform: String,
    #[command(flatten)]
    now: NowArg,
    #[command(flatten)]
    token: WebhookTokenArg,
    #[command(flatten)]
    app: SdkAppIdArg,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let file = Input::from(self.file.as_os_str());
        let (sdk_app_id, token) = match (self.app.read(), self.token.read_beside(Some(&file))) {
            (Ok(sdk_app_id), Ok(token)) => (sdk_app_id, token),
            (sdk_app_id, token) => return Err(CommandError::all([sdk_app_id.err(), token.err()])),
        };
        let unreadable = |error| CommandError::file("the body cannot be read", error);
        let body = file.read().map_err(unreadable)?;
        let command = self.command(&body)?;
        let body = String::from_utf8(body).map_err(|_| {
            let fix = "webhooks are JSON, which is UTF-8";
            CommandError::Invalid(vec![Problem::new("FILE", "does not hold text", fix)])
        })?;
        let sent = TestDelivery::with_body(sdk_app_id, command, body)
            .client_ip(&self.client_ip)
            .platform(&self.platform)
            .sign(&token, self.now.get());
        let url = sent.url(&self.url);
        let document = json!({
            "method": "POST",
            "url": url,
            "headers": { "content-type": "application/json" },
            "body": sent.body,
        });
        screen.show(url, &document)?;
        Ok(Exit::Ok)
    }

    fn command(&self, body: &[u8]) -> Result<CallbackCommand, CommandError> {
        if let Some(command) = &self.command {
            return Ok(command.as_str().into());
        }
        match parse_body_unverified(body) {
            Ok(event) => Ok(event.command()),
            Err(error) => Err(CommandError::Invalid(vec![Problem::new(
                "--command",
                format!("is missing, and the body does not say: {error}"),
                "give --command, such as Call.CallbackAfterEndCall, to send any body",
            )])),
        }
    }
}
