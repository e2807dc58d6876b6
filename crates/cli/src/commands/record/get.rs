use trtc_call::call_record::get_record_by_callid::Request;
use trtc_call::{CallId, CallRecord, CallResult, UserId};

use crate::command_error::CommandError;
use crate::duration::Shown;
use crate::exit::Exit;
use crate::moment::Utc;
use crate::room::ShownReport;
use crate::screen::Screen;
use crate::service::{Answer, CommandArgs};
use crate::sheet::Sheet;

/// Tell what became of one call
///
/// The record is there about 5 s after the call's end, and for 7 days; before that the service answers
/// 101050.
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
        screen.show(sheet(&reply.response.record), &Answer::from(&reply))?;
        Ok(Exit::Ok)
    }
}

/// A record for people.
pub(in crate::commands) fn sheet(record: &CallRecord) -> Sheet {
    let members: Vec<&str> = record
        .members
        .iter()
        .filter(|member| **member != record.caller)
        .map(UserId::as_str)
        .collect();
    let rang_until = record.accept_time.unwrap_or(record.end_time);
    let rang = rang_until.0.saturating_sub(record.start_time.0);
    let talked = record
        .accept_time
        .map(|accepted| record.end_time.0.saturating_sub(accepted.0));
    Sheet::new(format_args!("Record of call {}", record.call_id))
        .row("result", in_words(&record.result))
        .row("from", &record.caller)
        .row("to", members.join(", "))
        .row("media", &record.media_type)
        .row("kind", &record.call_type)
        .row_if("room", record.room.as_ref().map(ShownReport))
        .row("began", Utc(record.start_time))
        .row("rang for", Shown::seconds(rang))
        .row_if("answered", record.accept_time.map(Utc))
        .row_if("talked for", talked.map(Shown::seconds))
        .row("ended", Utc(record.end_time))
}

fn in_words(result: &CallResult) -> String {
    let words = match result {
        CallResult::Cancel => "ended before anybody answered",
        CallResult::Reject => "the callee declined",
        CallResult::NotAnswer => "nobody answered in time",
        CallResult::NormalEnd => "answered, and ended as it should",
        CallResult::CallBusy => "the callee was in another call",
        CallResult::Interrupt => "answered, and then broke off",
        CallResult::Offline => "the callee could not be reached",
        other => return other.to_string(),
    };
    format!("{words} ({result})")
}
