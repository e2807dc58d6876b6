use trtc_call::CallId;
use trtc_call::call_engine::get_call_info::{MemberStatus, Request, Response};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::room::ShownReport;
use crate::screen::Screen;
use crate::service::{Answer, CommandArgs};
use crate::sheet::Sheet;

/// Tell who is in a call and who is being rung
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
        screen.show(sheet(&reply.response), &Answer::from(&reply))?;
        Ok(Exit::Ok)
    }
}

fn sheet(call: &Response) -> Sheet {
    let sheet = Sheet::new(format_args!("Call {}", call.call_id))
        .row("media", &call.media_type)
        .row_if("room", call.room.as_ref().map(ShownReport))
        .row_if("chat group", call.chat_group_id.as_ref());
    call.members.iter().fold(sheet, |sheet, member| {
        let status = match &member.status {
            MemberStatus::Calling => "in the call",
            MemberStatus::Waiting => "ringing",
            other => other.as_str(),
        };
        sheet.row(&member.user_id, status)
    })
}
