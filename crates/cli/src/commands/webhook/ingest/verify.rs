use std::ffi::OsString;

use serde::Serialize;
use trtc_call::webhook::WebhookError;
use trtc_call::webhook::ingest::{IngestEvent, IngestWebhookVerifier};

use super::key::KeyArg;
use super::sheet;
use crate::account::SdkAppIdArg;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::Input;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::{BAD, GOOD};

/// Check that a webhook comes from the service, and tell why it is refused
///
/// The signature covers every byte of the body, but no time: whoever has seen a delivery can send it again.
/// Exits with 0 when all is right and 1 when it is not.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File that holds the raw body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
    /// The header Sign
    #[arg(long, value_name = "BASE64")]
    sign: Option<String>,
    /// The header SdkAppId [default: the application's]
    #[arg(long, value_name = "NUMBER")]
    sdkappid_header: Option<String>,
    #[command(flatten)]
    key: KeyArg,
    #[command(flatten)]
    app: SdkAppIdArg,
}

/// The result for programs. Scripts rely on its form.
#[derive(Serialize)]
struct Verdict<'a> {
    valid: bool,
    /// Why not, as a stable string.
    reason: Option<&'static str>,
    /// Why not, in words.
    message: Option<String>,
    /// What it tells, where all is right.
    event: Option<&'a IngestEvent>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let file = Input::from(self.file.as_os_str());
        let (sdk_app_id, key) = match (self.app.read(), self.key.read_beside(&file)) {
            (Ok(sdk_app_id), Ok(key)) => (sdk_app_id, key),
            (sdk_app_id, key) => return Err(CommandError::all([sdk_app_id.err(), key.err()])),
        };
        let unreadable = |error| CommandError::file("the body cannot be read", error);
        let body = file.read().map_err(unreadable)?;
        let own = sdk_app_id.to_string();
        let header = self.sdkappid_header.as_ref().unwrap_or(&own);
        let verifier = IngestWebhookVerifier::new(sdk_app_id, &key);
        let verified = verifier.verify(self.sign.as_deref(), Some(header), &body);
        let error = verified.as_ref().err();
        let document = Verdict {
            valid: verified.is_ok(),
            reason: error.map(WebhookError::code),
            message: error.map(ToString::to_string),
            event: verified.as_ref().ok(),
        };
        match &verified {
            Ok(event) => {
                let title = Sheet::new("Valid").styled(GOOD);
                screen.show(format_args!("{title}\n{}", sheet(event)), &document)?;
                Ok(Exit::Ok)
            }
            Err(error) => {
                let sheet = Sheet::new(format_args!("Not valid: {error}")).styled(BAD);
                screen.show(sheet, &document)?;
                Ok(Exit::Refused)
            }
        }
    }
}
