//! Where the secret key comes from: the environment, a file, or stdin. Never the command line, which other
//! users of the machine can read.

use std::ffi::OsString;

use clap::Args;
use trtc_call::{Problem, SecretKey};

use crate::account::variable;
use crate::input::Input;

const VARIABLE: &str = "TRTC_SECRET_KEY";
const FILE_VARIABLE: &str = "TRTC_SECRET_KEY_FILE";
const OPTION: &str = "--secret-key-file";

/// `--secret-key-file`, or the variables that take its place.
#[derive(Debug, Args)]
pub(crate) struct SecretKeyArg {
    /// File that holds the application's secret key, or - for stdin [env: TRTC_SECRET_KEY holds the key
    /// itself, TRTC_SECRET_KEY_FILE names the file]
    #[arg(long, value_name = "FILE")]
    secret_key_file: Option<OsString>,
}

impl SecretKeyArg {
    /// The key. One line break at its end is not part of it.
    pub(crate) fn read(&self) -> Result<SecretKey, Problem> {
        if let Some(file) = &self.secret_key_file {
            read_file(OPTION, &Input::from(file.as_os_str()))
        } else if let Some(key) = variable(VARIABLE) {
            key_of(VARIABLE, key)
        } else if let Some(file) = variable(FILE_VARIABLE) {
            read_file(FILE_VARIABLE, &Input::from(file.as_ref()))
        } else {
            Err(Problem::new(
                "secret key",
                "is missing",
                format!(
                    "set {VARIABLE}, or name a file that holds it with {OPTION} or {FILE_VARIABLE}"
                ),
            ))
        }
    }

    /// Whether there is a key, or something that should name one.
    pub(crate) fn is_given(&self) -> bool {
        self.secret_key_file.is_some()
            || variable(VARIABLE).is_some()
            || variable(FILE_VARIABLE).is_some()
    }

    /// The key, for a command that reads stdin already when `stdin_is_taken`.
    pub(crate) fn read_beside(&self, other: &Input) -> Result<SecretKey, Problem> {
        let from_stdin = match &self.secret_key_file {
            Some(file) => file == "-",
            None => variable(VARIABLE).is_none() && variable(FILE_VARIABLE).as_deref() == Some("-"),
        };
        if from_stdin && *other == Input::Stdin {
            return Err(Problem::new(
                OPTION,
                "cannot be stdin, which the token is read from",
                "put the key into a file or the environment",
            ));
        }
        self.read()
    }
}

/// Errors leave the file's name out: it is the key itself where somebody mixed up the two variables.
fn read_file(field: &str, input: &Input) -> Result<SecretKey, Problem> {
    let unusable = |rule: String| {
        Problem::new(
            field,
            rule,
            "name a file that holds the key and nothing else",
        )
    };
    let bytes = input
        .read()
        .map_err(|error| unusable(format!("names what cannot be read: {error}")))?;
    let key = String::from_utf8(bytes)
        .map_err(|_| unusable("names a file whose content is not text".to_owned()))?;
    key_of(field, key)
}

fn key_of(field: &str, mut key: String) -> Result<SecretKey, Problem> {
    if key.ends_with('\n') {
        key.pop();
        if key.ends_with('\r') {
            key.pop();
        }
    }
    SecretKey::new(key).map_err(|problem| problem.at(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_is_not_part_of_the_key() {
        for text in ["key", "key\n", "key\r\n"] {
            assert_eq!(key_of("f", text.to_owned()).unwrap().expose(), b"key");
        }
        for text in ["key\n\n", " key", "key ", "", "\n"] {
            assert!(key_of("f", text.to_owned()).is_err(), "{text:?}");
        }
    }
}
