use std::ffi::OsString;

use serde_json::json;
use trtc_call::Problem;
use trtc_call::webhook::ingest::IngestTestDelivery;

use super::key::KeyArg;
use crate::account::SdkAppIdArg;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::Input;
use crate::screen::Screen;

/// Sign a webhook's body, to test a receiver with
///
/// Prints the two headers to POST the body with, as the service would; with --json the whole request.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File that holds the body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
    #[command(flatten)]
    key: KeyArg,
    #[command(flatten)]
    app: SdkAppIdArg,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let file = Input::from(self.file.as_os_str());
        let (sdk_app_id, key) = match (self.app.read(), self.key.read_beside(&file)) {
            (Ok(sdk_app_id), Ok(key)) => (sdk_app_id, key),
            (sdk_app_id, key) => return Err(CommandError::all([sdk_app_id.err(), key.err()])),
        };
        let unreadable = |error| CommandError::file("the body cannot be read", error);
        let body = String::from_utf8(file.read().map_err(unreadable)?).map_err(|_| {
            let fix = "webhooks are JSON, which is UTF-8";
            CommandError::Invalid(vec![Problem::new("FILE", "does not hold text", fix)])
        })?;
        let sent = IngestTestDelivery::with_body(sdk_app_id, body).sign(&key);
        let headers = format!("Sign: {}\nSdkAppId: {}", sent.sign, sent.sdk_app_id);
        let document = json!({
            "method": "POST",
            "headers": {
                "content-type": "application/json",
                "sign": sent.sign,
                "sdkappid": sent.sdk_app_id,
            },
            "body": sent.body,
        });
        screen.show(headers, &document)?;
        Ok(Exit::Ok)
    }
}
