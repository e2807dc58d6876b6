use std::ffi::OsString;
use std::fmt;

use clap::Args;

use crate::command_error::CommandError;
use crate::input::{Input, without_mark};

/// Where a token is read from. Not the command line itself: that ends up in the shell's history.
#[derive(Args)]
pub(crate) struct TokenArg {
    /// File that holds the token, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    token: OsString,
}

impl TokenArg {
    pub(crate) fn input(&self) -> Input {
        Input::from(self.token.as_os_str())
    }

    /// The token, without a byte order mark and white space around it. What is not UTF-8 is replaced, and so refused later.
    pub(crate) fn read(&self) -> Result<String, CommandError> {
        let bytes = self.input().read().map_err(|error| {
            CommandError::file(
                "the token cannot be read (name a file that holds it, or - for stdin)",
                error,
            )
        })?;
        let text = String::from_utf8_lossy(without_mark(&bytes));
        Ok(text.trim().to_owned())
    }
}

/// Hidden, for it is the token itself where somebody gave that instead of its file.
impl fmt::Debug for TokenArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenArg(hidden)")
    }
}
