use trtc_call::CallId;
use trtc_call::call_engine::end_call::Request;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service::{Answer, CommandArgs};
use crate::sheet::Sheet;
use crate::style::GOOD;

/// End a call for all its members
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// CallId that `start` printed
    #[arg(value_name = "CALL_ID", value_parser = str::parse::<CallId>)]
    call_id: CallId,
    #[command(flatten)]
    command: CommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let request = Request::new(self.call_id.clone());
        let reply = self.command.send(screen, Ok(request))?;
        let title = format!("Call {} has ended", self.call_id);
        let sheet = Sheet::new(&title).styled(GOOD);
        Ok(screen.show_done(sheet, &Answer::from(&reply), Done::harmless(title)))
    }
}
