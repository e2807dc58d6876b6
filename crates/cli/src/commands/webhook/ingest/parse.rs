use std::ffi::OsString;

use trtc_call::webhook::ingest::parse_unverified;

use super::sheet;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::input::{Input, without_mark};
use crate::screen::Screen;

/// Read a webhook's body, and show what it tells
///
/// It verifies nothing. Exits with 1 when the body cannot be read.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// File that holds the body, or - for stdin
    #[arg(value_name = "FILE", default_value = "-")]
    file: OsString,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let body = Input::from(self.file.as_os_str())
            .read()
            .map_err(|error| CommandError::file("the body cannot be read", error))?;
        let body = without_mark(&body);
        let event = parse_unverified(body).map_err(CommandError::Webhook)?;
        screen.show(sheet(&event), &event)?;
        Ok(Exit::Ok)
    }
}
