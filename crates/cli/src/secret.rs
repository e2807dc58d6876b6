//! Where a secret comes from: the environment, a file, or stdin. Never the command line, which other users
//! of the machine can read, nor a profile, which names a file at most.

use std::ffi::OsStr;

use trtc_call::{Problem, secret_text};

use crate::input::Input;
use crate::profile;
use crate::setting::variable;

/// The option and the variables that give one secret.
pub(crate) struct SecretSource {
    /// Names a file, or `-`.
    pub(crate) option: &'static str,
    /// Holds the secret itself.
    pub(crate) variable: &'static str,
    /// Names a file, or `-`.
    pub(crate) file_variable: &'static str,
    /// What it is: `key`.
    pub(crate) noun: &'static str,
}

/// A secret, and what gave it. It does not print.
pub(crate) struct Secret {
    pub(crate) field: String,
    pub(crate) text: String,
}

impl SecretSource {
    /// Whether the profile or a variable names one.
    pub(crate) fn is_set(&self) -> bool {
        profile::value(self.option).is_some()
            || variable(self.variable).is_some()
            || variable(self.file_variable).is_some()
    }

    /// The secret; `None` where nothing names one.
    /// `beside` is what the command reads from stdin besides, if it does: `body`.
    pub(crate) fn read(
        &self,
        file: Option<&OsStr>,
        beside: Option<&str>,
    ) -> Result<Option<Secret>, Problem> {
        if let Some(file) = file {
            self.read_file(self.option, file, beside).map(Some)
        } else if let Some((field, file)) = profile::file(self.option) {
            self.read_file(&field, file.as_os_str(), None).map(Some)
        } else if let Some(text) = variable(self.variable) {
            Secret::decode(self.variable, text.as_encoded_bytes()).map(Some)
        } else if let Some(file) = variable(self.file_variable) {
            self.read_file(self.file_variable, &file, beside).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether something names the secret.
    pub(crate) fn is_given(&self, file: Option<&OsStr>) -> bool {
        file.is_some() || self.is_set()
    }

    /// The problem with a secret that is needed and that nothing names.
    pub(crate) fn missing(&self, field: &str) -> Problem {
        let SecretSource {
            option,
            variable,
            file_variable,
            ..
        } = self;
        Problem::new(
            field,
            "is missing",
            format!(
                "set {variable}, or name a file that holds it with {option} or {file_variable}"
            ),
        )
    }

    /// Errors leave the file's name out: it is the secret itself where somebody mixed up the two variables.
    fn read_file(
        &self,
        field: &str,
        file: &OsStr,
        beside: Option<&str>,
    ) -> Result<Secret, Problem> {
        let noun = self.noun;
        let input = Input::from(file);
        if let (Input::Stdin, Some(other)) = (&input, beside) {
            return Err(Problem::new(
                field,
                format!("cannot be stdin, which the {other} is read from"),
                format!("put the {noun} or the {other} into a file"),
            ));
        }
        let unusable = |rule: String| {
            let fix = format!("name a file that holds the {noun} and nothing else");
            Problem::new(field, rule, fix)
        };
        let bytes = input
            .read()
            .map_err(|error| unusable(format!("names what cannot be read: {error}")))?;
        Secret::decode(field, &bytes).map_err(|problem| {
            let rule = format!("names a {noun} that {}", problem.rule);
            Problem::new(field, rule, problem.fix)
        })
    }
}

impl Secret {
    fn decode(field: &str, bytes: &[u8]) -> Result<Secret, Problem> {
        let text = secret_text::decode(field, bytes)?.to_owned();
        let field = field.to_owned();
        Ok(Secret { field, text })
    }
}
