//! Webhooks for people.

use trtc_call::UserId;
use trtc_call::call_engine::get_call_info::Member;
use trtc_call::webhook::{Delivery, Event};

use crate::moment::{Utc, UtcMillis};
use crate::room::ShownReport;
use crate::sheet::Sheet;

/// What a webhook tells.
pub(super) fn event(event: &Event) -> Sheet {
    let mut sheet = Sheet::new(event.command())
        .row_if("call", event.call_id())
        .row_if("happened", event.event_time().map(UtcMillis));
    sheet = match event {
        Event::CallStarted(started) => sheet
            .row("media", &started.media_type)
            .row_if("room", started.room.as_ref().map(ShownReport))
            .row_if("group", started.chat_group_id.as_ref())
            .row("members", members(&started.members)),
        Event::MembersChanged(changed) => {
            let changes = changed.changes.iter();
            changes
                .fold(sheet, |sheet, change| {
                    sheet.row(change.user_id.as_str(), &change.action)
                })
                .row("members", members(&changed.members))
        }
        Event::CallEnded(ended) => {
            let record = &ended.record;
            let users: Vec<&str> = record.members.iter().map(UserId::as_str).collect();
            sheet
                .row("result", &record.result)
                .row("from", &record.caller)
                .row("members", users.join(", "))
                .row("media", &record.media_type)
                .row_if("room", record.room.as_ref().map(ShownReport))
                .row("began", Utc(record.start_time))
                .row_if("answered", record.accept_time.map(Utc))
                .row("ended", Utc(record.end_time))
        }
        _ => sheet,
    };
    let others = event.other_fields().iter();
    others.fold(sheet, |sheet, (path, value)| sheet.row(path, value))
}

/// The sheet of an event, with what the query says.
pub(super) fn delivery(delivery: &Delivery) -> Sheet {
    event(&delivery.event)
        .row_if("SDKAppID", delivery.sdk_app_id)
        .row_if("client", delivery.client_ip.as_ref())
        .row_if("platform", delivery.platform.as_ref())
        .row_if("signed", delivery.request_time.map(Utc))
}

fn members(members: &[Member]) -> String {
    let members = members.iter();
    let members: Vec<String> = members
        .map(|member| format!("{} ({})", member.user_id, member.status))
        .collect();
    members.join(", ")
}
