//! How the service writes a call, in its replies and in its webhooks alike.

use serde_json::{Value, json};

use crate::Call;
use crate::call::{Callee, CalleeStatus};

/// `CallInfo`.
pub(crate) fn call_info(call: &Call) -> Value {
    let (room_id, room_id_type) = call.wire_room();
    json!({
        "CallId": call.call_id,
        "MediaType": call.media_type,
        "ChatGroupId": "",
        "RoomId": room_id,
        "RoomIdType": room_id_type,
    })
}

/// `UserList`. The robot is in the call from its start: it never rings and never sends heartbeats.
pub(crate) fn user_list(call: &Call) -> Value {
    let robot = json!({ "User_Account": call.robot, "Status": "Calling" });
    let callees = call.callees.iter().filter_map(member);
    std::iter::once(robot).chain(callees).collect()
}

/// Who has left, or could not be rung, is not listed.
fn member(callee: &Callee) -> Option<Value> {
    let status = match callee.status {
        CalleeStatus::Ringing => "Waiting",
        CalleeStatus::InCall => "Calling",
        _ => return None,
    };
    Some(json!({ "User_Account": callee.user, "Status": status }))
}

/// `CallRecord` of a call that has ended.
pub(crate) fn call_record(call: &Call) -> Option<Value> {
    let end = call.end?;
    let callees = call.callees.iter().map(|callee| callee.user.as_str());
    let members: Vec<&str> = std::iter::once(call.robot.as_str())
        .chain(callees)
        .collect();
    let (room_id, room_id_type) = call.wire_room();
    Some(json!({
        "CallId": call.call_id,
        "Caller_Account": call.robot,
        "MediaType": call.media_type,
        "CallType": call.call_type(),
        "StartTime": call.started_at.seconds(),
        "EndTime": end.at.seconds(),
        "AcceptTime": call.answered_at.map_or(0, |at| at.seconds().0),
        "CallResult": end.result,
        "CalleeList_Account": members,
        "RoomId": room_id,
        "RoomIdType": room_id_type,
    }))
}
