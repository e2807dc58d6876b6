use std::ffi::OsString;

use clap::Args;
use trtc_call::Problem;
use trtc_call::webhook::WebhookToken;

use crate::input::Input;
use crate::secret::SecretSource;

const SOURCE: SecretSource = SecretSource {
    option: "--token-file",
    variable: "TRTC_WEBHOOK_TOKEN",
    file_variable: "TRTC_WEBHOOK_TOKEN_FILE",
    noun: "token",
};

/// `--token-file`, or the variables that take its place.
#[derive(Debug, Args)]
pub(crate) struct WebhookTokenArg {
    /// File that holds the webhooks' token, or - for stdin [env: TRTC_WEBHOOK_TOKEN holds the token
    /// itself, TRTC_WEBHOOK_TOKEN_FILE names the file]
    #[arg(long, value_name = "FILE")]
    token_file: Option<OsString>,
}

impl WebhookTokenArg {
    /// Whether there is a token, or something that should name one.
    pub(crate) fn is_given(&self) -> bool {
        self.token_file.is_some() || SOURCE.is_set()
    }

    /// The option, if the command line has it.
    pub(crate) fn named(&self) -> Option<&'static str> {
        self.token_file.as_ref().map(|_| SOURCE.option)
    }

    /// The token. `other` is where the command reads the body from, if it does.
    pub(crate) fn read_beside(&self, other: Option<&Input>) -> Result<WebhookToken, Problem> {
        let beside = (other == Some(&Input::Stdin)).then_some("body");
        let secret = SOURCE.read(self.token_file.as_deref(), beside)?;
        let secret = secret.ok_or_else(|| SOURCE.missing(SOURCE.option))?;
        WebhookToken::new(secret.text).map_err(|problem| problem.at(secret.field))
    }
}
