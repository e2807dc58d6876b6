use std::ffi::OsString;

use clap::Args;
use trtc_call::{Problem, SecretKey};

use crate::input::Input;
use crate::secret::SecretSource;

const SOURCE: SecretSource = SecretSource {
    option: "--secret-key-file",
    variable: "TRTC_SECRET_KEY",
    file_variable: "TRTC_SECRET_KEY_FILE",
    noun: "key",
};

/// `--secret-key-file`, or the variables that take its place.
#[derive(Debug, Default, Args)]
pub(crate) struct SecretKeyArg {
    /// File that holds the application's secret key, or - for stdin [env: TRTC_SECRET_KEY holds the key
    /// itself, TRTC_SECRET_KEY_FILE names the file]
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<OsString>,
}

impl SecretKeyArg {
    pub(crate) fn read(&self) -> Result<SecretKey, Problem> {
        self.key(None)
    }

    /// Whether there is a key, or something that should name one.
    pub(crate) fn is_given(&self) -> bool {
        SOURCE.is_given(self.secret_key_file.as_deref())
    }

    /// The key, for a command that reads a token from `other`.
    pub(crate) fn read_beside(&self, other: &Input) -> Result<SecretKey, Problem> {
        self.key((*other == Input::Stdin).then_some("token"))
    }

    fn key(&self, beside: Option<&str>) -> Result<SecretKey, Problem> {
        let secret = SOURCE.read(self.secret_key_file.as_deref(), beside)?;
        let secret = secret.ok_or_else(|| SOURCE.missing("secret key"))?;
        SecretKey::new(secret.text).map_err(|problem| problem.at(secret.field))
    }
}
