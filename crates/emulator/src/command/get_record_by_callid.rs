//! `POST /v4/call_record_http_srv/get_record_by_callid` (<https://trtc.io/document/68930>)

use serde_json::json;

use super::{Command, Scene};
use crate::field::Fields;
use crate::reply::{Outcome, Refusal};

pub(super) const COMMAND: Command = Command {
    service: "call_record_http_srv",
    name: "get_record_by_callid",
    serve,
};

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let call = scene
        .exchange
        .call(request.string("CallId")?)
        .filter(|call| call.has_record);
    let Some((call, end)) = call.and_then(|call| Some((call, call.end?))) else {
        return Err(Refusal::by_code(101_050));
    };
    let callees = call.callees.iter().map(|callee| callee.user.as_str());
    let members: Vec<&str> = std::iter::once(call.robot.as_str())
        .chain(callees)
        .collect();
    let call_type = match call.callees.as_slice() {
        [_] => "SingleCall",
        _ => "MultiCall",
    };
    let (room_id, room_id_type) = call.wire_room();
    Ok(Some(json!({
        "CallRecord": {
            "CallId": call.call_id,
            "Caller_Account": call.robot,
            "MediaType": call.media_type,
            "CallType": call_type,
            "StartTime": call.started_at.seconds(),
            "EndTime": end.at.seconds(),
            "AcceptTime": call.answered_at.map_or(0, |at| at.seconds().0),
            "CallResult": end.result,
            "CalleeList_Account": members,
            "RoomId": room_id,
            "RoomIdType": room_id_type,
        },
    })))
}
