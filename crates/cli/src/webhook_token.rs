//! Where the webhooks' token comes from: the environment, a file, or stdin. Never the command line, which
//! other users of the machine can read.

use std::ffi::OsString;

use clap::Args;
use trtc_call::Problem;
use trtc_call::webhook::WebhookToken;

use crate::account::variable;
use crate::input::Input;

const VARIABLE: &str = "TRTC_WEBHOOK_TOKEN";
const FILE_VARIABLE: &str = "TRTC_WEBHOOK_TOKEN_FILE";
const OPTION: &str = "--token-file";

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
        self.token_file.is_some()
            || variable(VARIABLE).is_some()
            || variable(FILE_VARIABLE).is_some()
    }

    /// The token. One line break at its end is not part of it. `other` is what the command reads besides.
    pub(crate) fn read_beside(&self, other: Option<&Input>) -> Result<WebhookToken, Problem> {
        if let Some(file) = &self.token_file {
            read_file(OPTION, &Input::from(file.as_os_str()), other)
        } else if let Some(token) = variable(VARIABLE) {
            token_of(VARIABLE, &token)
        } else if let Some(file) = variable(FILE_VARIABLE) {
            read_file(FILE_VARIABLE, &Input::from(file.as_ref()), other)
        } else {
            Err(Problem::new(
                OPTION,
                "is missing",
                format!(
                    "name a file that holds the token with {OPTION} or {FILE_VARIABLE}, or set {VARIABLE}"
                ),
            ))
        }
    }
}

/// Errors leave the file's name out: it is the token itself where somebody mixed up the two variables.
fn read_file(field: &str, file: &Input, other: Option<&Input>) -> Result<WebhookToken, Problem> {
    if *file == Input::Stdin && other == Some(&Input::Stdin) {
        return Err(Problem::new(
            field,
            "cannot be stdin, which the body is read from",
            "put the token or the body into a file",
        ));
    }
    let unusable = |rule: String| {
        let fix = "name a file that holds the token and nothing else";
        Problem::new(field, rule, fix)
    };
    let bytes = file
        .read()
        .map_err(|error| unusable(format!("names what cannot be read: {error}")))?;
    let token = String::from_utf8(bytes)
        .map_err(|_| unusable("names a file whose content is not text".to_owned()))?;
    token_of(field, &token)
}

fn token_of(field: &str, token: &str) -> Result<WebhookToken, Problem> {
    let trimmed = token.strip_suffix('\n').unwrap_or(token);
    let trimmed = trimmed.strip_suffix('\r').unwrap_or(trimmed);
    WebhookToken::new(trimmed).map_err(|problem| problem.at(field))
}
