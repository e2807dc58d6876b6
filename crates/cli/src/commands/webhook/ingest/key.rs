use std::ffi::OsString;

use clap::Args;
use trtc_call::Problem;
use trtc_call::webhook::ingest::IngestWebhookKey;

use crate::input::Input;
use crate::secret::SecretSource;

const SOURCE: SecretSource = SecretSource {
    option: "--key-file",
    variable: "TRTC_INGEST_WEBHOOK_KEY",
    file_variable: "TRTC_INGEST_WEBHOOK_KEY_FILE",
    noun: "key",
};

/// `--key-file`, or the variables that take its place.
#[derive(Debug, Args)]
pub(super) struct KeyArg {
    /// File that holds the key of these webhooks, or - for stdin [env: TRTC_INGEST_WEBHOOK_KEY holds the
    /// key itself, TRTC_INGEST_WEBHOOK_KEY_FILE names the file]
    #[arg(long, value_name = "FILE")]
    key_file: Option<OsString>,
}

impl KeyArg {
    /// The key, for a command that reads the body from `other`.
    pub(super) fn read_beside(&self, other: &Input) -> Result<IngestWebhookKey, Problem> {
        let beside = (*other == Input::Stdin).then_some("body");
        let secret = SOURCE.read(self.key_file.as_deref(), beside)?;
        let secret = secret.ok_or_else(|| SOURCE.missing(SOURCE.option))?;
        IngestWebhookKey::new(&secret.text).map_err(|problem| problem.at(secret.field))
    }
}
