use std::ffi::OsString;

use trtc_call::webhook::{parse_body_unverified, parse_unverified};

use super::{query_of, sheet};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::{Input, without_mark};
use crate::screen::Screen;

/// Read a webhook's body, and show what it tells in one form, whatever its spelling
///
/// It verifies nothing. Exits with 1 when the body cannot be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File that holds the body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
    /// URL that the body was sent to: what its query says is shown too
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let body = Input::from(self.file.as_os_str())
            .read()
            .map_err(|error| CommandError::file("the body cannot be read", error))?;
        let body = without_mark(&body);
        match &self.url {
            None => {
                let event = parse_body_unverified(body).map_err(CommandError::Webhook)?;
                screen.show(sheet::event(&event), &event)?;
            }
            Some(url) => {
                let delivery =
                    parse_unverified(query_of(url), body).map_err(CommandError::Webhook)?;
                screen.show(sheet::delivery(&delivery), &delivery)?;
            }
        }
        Ok(Exit::Ok)
    }
}
