//! How the service writes a call, in its replies and in its webhooks alike.

use trtc_call_json::JsonText;

use crate::Call;
use crate::call::{Callee, CalleeStatus};

/// `CallInfo`.
pub(crate) fn call_info(call: &Call) -> JsonText {
    let (room_id, room_id_type) = call.wire_room();
    JsonText::object()
        .with("CallId", &call.call_id)
        .with("MediaType", &call.media_type)
        .with("ChatGroupId", &"")
        .with("RoomId", &room_id)
        .with("RoomIdType", &room_id_type)
}

/// `UserList`. The robot is in the call from its start: it never rings and never sends heartbeats.
pub(crate) fn user_list(call: &Call) -> Vec<JsonText> {
    let robot = JsonText::object()
        .with("User_Account", &call.robot)
        .with("Status", &"Calling");
    let mut members = vec![robot];
    for callee in &call.callees {
        members.extend(member(callee));
    }
    members
}

/// Who has left, or could not be rung, is not listed.
fn member(callee: &Callee) -> Option<JsonText> {
    let status = match callee.status {
        CalleeStatus::Ringing => "Waiting",
        CalleeStatus::InCall => "Calling",
        _ => return None,
    };
    Some(
        JsonText::object()
            .with("User_Account", &callee.user)
            .with("Status", &status),
    )
}

/// `CallRecord` of a call that has ended.
pub(crate) fn call_record(call: &Call) -> Option<JsonText> {
    let end = call.end?;
    let mut members = vec![&call.robot];
    for callee in &call.callees {
        members.push(&callee.user);
    }
    let (room_id, room_id_type) = call.wire_room();
    Some(
        JsonText::object()
            .with("CallId", &call.call_id)
            .with("Caller_Account", &call.robot)
            .with("MediaType", &call.media_type)
            .with("CallType", &call.call_type())
            .with("StartTime", &call.started_at.seconds())
            .with("EndTime", &end.at.seconds())
            .with(
                "AcceptTime",
                &call.answered_at.map_or(0, |at| at.seconds().0),
            )
            .with("CallResult", &end.result)
            .with("CalleeList_Account", &members)
            .with("RoomId", &room_id)
            .with("RoomIdType", &room_id_type),
    )
}
