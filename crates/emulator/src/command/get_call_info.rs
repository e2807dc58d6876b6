//! `POST /v4/call_engine_http_srv/get_call_info` (<https://trtc.io/document/68932>)

use serde_json::{Value, json};

use super::{Command, Scene};
use crate::call::{Callee, CalleeStatus};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_engine_http_srv",
    name: "get_call_info",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call = scene
        .exchange
        .call(request.string("CallId")?)
        .filter(|call| call.end.is_none())
        .ok_or_else(|| Refusal::by_code(101_004))?;
    let (room_id, room_id_type) = call.wire_room();
    // The robot is in the call from its start: it never rings and never sends heartbeats.
    let robot = json!({ "User_Account": call.robot, "Status": "Calling" });
    let members: Vec<Value> = std::iter::once(robot)
        .chain(call.callees.iter().filter_map(member))
        .collect();
    Ok(Some(json!({
        "CallInfo": {
            "CallId": call.call_id,
            "MediaType": call.media_type,
            "ChatGroupId": "",
            "RoomId": room_id,
            "RoomIdType": room_id_type,
        },
        "UserList": members,
    })))
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
