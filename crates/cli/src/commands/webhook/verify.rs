use std::ffi::OsString;
use std::time::Duration;

use serde::Serialize;
use trtc_call::webhook::{Delivery, WebhookError, WebhookVerifier};

use super::{query_of, sheet};
use crate::account::SdkAppIdArg;
use crate::command_error::CommandError;
use crate::duration;
use crate::exit::Exit;
use crate::input::Input;
use crate::moment::NowArg;
use crate::screen::Screen;
use crate::sheet::Sheet;
use crate::style::{BAD, GOOD};
use crate::webhook_token::WebhookTokenArg;

/// Check that a webhook comes from the service, and tell why it is refused
///
/// The signature covers the URL alone; a body that is given is read too. Exits with 0 when all is right
/// and 1 when it is not.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// URL that the webhook was sent to, with all of its query
    #[arg(long, value_name = "URL")]
    url: String,
    /// File that holds the body, or - for stdin [default: the URL alone is checked]
    #[arg(value_name = "FILE")]
    body: Option<OsString>,
    /// How far RequestTime may be from now, before or after
    #[arg(long, value_name = "DURATION", default_value = "5min", value_parser = duration::parse_seconds)]
    tolerance: u64,
    #[command(flatten)]
    now: NowArg,
    #[command(flatten)]
    token: WebhookTokenArg,
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
    /// What was delivered, where a body was given and all is right.
    delivery: Option<&'a Delivery>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let body = self.body.as_ref().map(|file| Input::from(file.as_os_str()));
        let (sdk_app_id, token) = (self.app.read(), self.token.read_beside(body.as_ref()));
        let verifier = match (sdk_app_id, token) {
            (Ok(sdk_app_id), Ok(token)) => WebhookVerifier::new(sdk_app_id, &token),
            (sdk_app_id, token) => return Err(CommandError::all([sdk_app_id.err(), token.err()])),
        };
        let verifier = verifier.tolerance(Duration::from_secs(self.tolerance));
        let (query, now) = (query_of(&self.url), self.now.get());
        let verified = match body {
            None => verifier.verify_query(query, now).map(|()| None),
            Some(body) => {
                let body = body
                    .read()
                    .map_err(|error| CommandError::file("the body cannot be read", error))?;
                verifier.verify(query, &body, now).map(Some)
            }
        };
        let title = match &verified {
            Ok(_) => Sheet::new("Valid").styled(GOOD),
            Err(error) => Sheet::new(format_args!("Not valid: {error}")).styled(BAD),
        };
        let delivery = verified.as_ref().ok().and_then(Option::as_ref);
        let document = Verdict {
            valid: verified.is_ok(),
            reason: verified.as_ref().err().map(WebhookError::code),
            message: verified.as_ref().err().map(ToString::to_string),
            delivery,
        };
        match delivery {
            Some(delivery) => {
                let sheet = sheet::delivery(delivery);
                screen.show(format_args!("{title}\n{sheet}"), &document)?;
            }
            None => screen.show(title, &document)?,
        }
        Ok(match verified {
            Ok(_) => Exit::Ok,
            Err(_) => Exit::Refused,
        })
    }
}
