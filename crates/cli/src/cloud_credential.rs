//! The access key of the cloud account, under the vendor's own names. The secret half comes from the
//! environment, a file, or stdin, never from the command line, which other users of the machine can read.

use std::ffi::OsString;

use clap::Args;
use trtc_call::Problem;
use trtc_call::tc3::Credential;

use crate::account::variable;
use crate::input::Input;

const ID: (&str, &str) = ("--cloud-secret-id", "TENCENTCLOUD_SECRET_ID");
const KEY_OPTION: &str = "--cloud-secret-key-file";
const KEY_VARIABLE: &str = "TENCENTCLOUD_SECRET_KEY";
const KEY_FILE_VARIABLE: &str = "TENCENTCLOUD_SECRET_KEY_FILE";
const TOKEN_VARIABLE: &str = "TENCENTCLOUD_TOKEN";

/// `--cloud-secret-id` and `--cloud-secret-key-file`, or the variables that take their place.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cloud API")]
pub(crate) struct CloudCredentialArgs {
    /// SecretId of the cloud account's access key [env: TENCENTCLOUD_SECRET_ID; TENCENTCLOUD_TOKEN holds
    /// the token of a temporary one]
    #[arg(long, value_name = "ID")]
    cloud_secret_id: Option<String>,
    /// File that holds its SecretKey, or - for stdin [env: TENCENTCLOUD_SECRET_KEY holds the key itself,
    /// TENCENTCLOUD_SECRET_KEY_FILE names the file]
    #[arg(long, value_name = "FILE")]
    cloud_secret_key_file: Option<OsString>,
}

impl CloudCredentialArgs {
    /// Whether there is an id or a key, or something that should name one.
    pub(crate) fn is_given(&self) -> bool {
        self.cloud_secret_id.is_some()
            || self.cloud_secret_key_file.is_some()
            || [ID.1, KEY_VARIABLE, KEY_FILE_VARIABLE]
                .into_iter()
                .any(|name| variable(name).is_some())
    }

    /// The credential, or everything that is missing or wrong.
    pub(crate) fn read(&self) -> Result<Credential, Vec<Problem>> {
        let id = self.cloud_secret_id.clone().or_else(|| variable(ID.1));
        let id = id.ok_or_else(|| missing(ID.0, ID.1));
        match (id, self.key()) {
            (Ok(id), Ok((field, key))) => {
                credential(id, key, field).map_err(|problem| vec![problem])
            }
            (id, key) => Err([id.err(), key.err()].into_iter().flatten().collect()),
        }
    }

    /// The key, and what gave it.
    fn key(&self) -> Result<(&'static str, String), Problem> {
        let read = |field, input: &Input| Ok((field, read_file(field, input)?));
        if let Some(file) = &self.cloud_secret_key_file {
            read(KEY_OPTION, &Input::from(file.as_os_str()))
        } else if let Some(key) = variable(KEY_VARIABLE) {
            Ok((KEY_VARIABLE, key))
        } else if let Some(file) = variable(KEY_FILE_VARIABLE) {
            read(KEY_FILE_VARIABLE, &Input::from(file.as_ref()))
        } else {
            Err(missing(KEY_OPTION, KEY_VARIABLE))
        }
    }
}

fn credential(id: String, key: String, key_field: &str) -> Result<Credential, Problem> {
    let name = |problem: Problem| match problem.field.as_str() {
        "secret_id" => problem.at(ID.0),
        "cloud_token" => problem.at(TOKEN_VARIABLE),
        _ => problem.at(key_field),
    };
    let credential = Credential::new(id, key).map_err(name)?;
    match variable(TOKEN_VARIABLE) {
        Some(token) => credential.with_token(token).map_err(name),
        None => Ok(credential),
    }
}

fn missing(option: &str, variable: &str) -> Problem {
    let fix =
        format!("give {option} or set {variable}: the console shows it under access management");
    Problem::new(option, "is missing", fix)
}

/// Errors leave the file's name out: it is the key itself where somebody mixed up the two variables.
fn read_file(field: &str, input: &Input) -> Result<String, Problem> {
    let unusable = |rule: String| {
        let fix = "name a file that holds the key and nothing else";
        Problem::new(field, rule, fix)
    };
    let bytes = input
        .read()
        .map_err(|error| unusable(format!("names what cannot be read: {error}")))?;
    let mut key = String::from_utf8(bytes)
        .map_err(|_| unusable("names a file whose content is not text".to_owned()))?;
    // One line break at its end is not part of it.
    if key.ends_with('\n') {
        key.pop();
        if key.ends_with('\r') {
            key.pop();
        }
    }
    Ok(key)
}
