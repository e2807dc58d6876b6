use std::ffi::OsString;

use clap::Args;
use trtc_call::Problem;
use trtc_call::tc3::Credential;

use crate::input::Input;
use crate::secret::SecretSource;
use crate::setting::Setting;

const SECRET_ID: Setting = Setting {
    option: "--cloud-secret-id",
    variable: "TENCENTCLOUD_SECRET_ID",
    meaning: "the public half of an access key, which the console lists under access management",
};
const SECRET_KEY: SecretSource = SecretSource {
    option: "--cloud-secret-key-file",
    variable: "TENCENTCLOUD_SECRET_KEY",
    file_variable: "TENCENTCLOUD_SECRET_KEY_FILE",
    noun: "key",
};
const TOKEN: SecretSource = SecretSource {
    option: "--cloud-token-file",
    variable: "TENCENTCLOUD_TOKEN",
    file_variable: "TENCENTCLOUD_TOKEN_FILE",
    noun: "token",
};

/// An access key of the cloud account, in the variables that the vendor's own tools read.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Cloud account")]
pub(crate) struct CloudCredentialArgs {
    /// SecretId of an access key of the cloud account [env: TENCENTCLOUD_SECRET_ID]
    #[arg(long, value_name = "ID")]
    cloud_secret_id: Option<String>,
    /// File that holds the access key's SecretKey, or - for stdin [env: TENCENTCLOUD_SECRET_KEY holds the
    /// key itself, TENCENTCLOUD_SECRET_KEY_FILE names the file]
    #[arg(long, value_name = "FILE")]
    cloud_secret_key_file: Option<OsString>,
    /// File that holds the token of a temporary access key, or - for stdin [env: TENCENTCLOUD_TOKEN,
    /// TENCENTCLOUD_TOKEN_FILE]
    #[arg(long, value_name = "FILE")]
    cloud_token_file: Option<OsString>,
}

impl CloudCredentialArgs {
    pub(crate) fn read(&self) -> Result<Credential, Vec<Problem>> {
        self.credential(None)
    }

    /// The credential, for a command that reads a body from `other`.
    pub(crate) fn read_beside(&self, other: &Input) -> Result<Credential, Vec<Problem>> {
        self.credential((*other == Input::Stdin).then_some("body"))
    }

    /// Whether there is a credential, or something that should name one.
    pub(crate) fn is_given(&self) -> bool {
        SECRET_ID.is_given(self.cloud_secret_id.as_deref())
            || SECRET_KEY.is_given(self.cloud_secret_key_file.as_deref())
    }

    fn credential(&self, beside: Option<&str>) -> Result<Credential, Vec<Problem>> {
        let id = SECRET_ID.read(self.cloud_secret_id.as_deref(), |id| {
            // The key, which it does not know yet, has rules of its own.
            Credential::new(id, "k").map(|_| id.to_owned())
        });
        let key = SECRET_KEY
            .read(self.cloud_secret_key_file.as_deref(), beside)
            .and_then(|key| key.ok_or_else(|| SECRET_KEY.missing("cloud secret key")));
        let token = TOKEN.read(self.cloud_token_file.as_deref(), beside);
        let (id, key, token) = match (id, key, token) {
            (Ok(id), Ok(key), Ok(token)) => (id, key, token),
            (id, key, token) => {
                let problems = [id.err(), key.err(), token.err()];
                return Err(problems.into_iter().flatten().collect());
            }
        };
        let credential =
            Credential::new(id, key.text).map_err(|problem| vec![problem.at(key.field)])?;
        match token {
            Some(token) => credential
                .with_token(token.text)
                .map_err(|problem| vec![problem.at(token.field)]),
            None => Ok(credential),
        }
    }
}
