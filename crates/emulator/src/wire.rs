//! How the service writes a call, in its replies and in its webhooks alike: by hand and not by the library's
//! own types, so that a mistake in those shows.

use std::iter;

use serde::Serialize;
use trtc_call_core::UnixSeconds;

use crate::call::{Call, Callee, CalleeStatus, EndResult, Media};

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CallInfo<'a> {
    call_id: &'a str,
    media_type: Media,
    chat_group_id: &'static str,
    room_id: &'a str,
    room_id_type: i64,
}

impl<'a> CallInfo<'a> {
    pub(crate) fn of(call: &'a Call) -> CallInfo<'a> {
        let (room_id, room_id_type) = call.wire_room();
        CallInfo {
            call_id: &call.call_id,
            media_type: call.media_type,
            chat_group_id: "",
            room_id,
            room_id_type,
        }
    }
}

/// An entry of `UserList`.
#[derive(Debug, Serialize)]
pub(crate) struct Member<'a> {
    #[serde(rename = "User_Account")]
    user: &'a str,
    #[serde(rename = "Status")]
    status: &'static str,
}

/// `UserList`. The robot is in the call from its start: it never rings and never sends heartbeats.
pub(crate) fn user_list(call: &Call) -> Vec<Member<'_>> {
    let robot = Member {
        user: &call.robot,
        status: "Calling",
    };
    let callees = call.callees.iter().filter_map(member);
    iter::once(robot).chain(callees).collect()
}

/// Who has left, or could not be rung, is not listed.
fn member(callee: &Callee) -> Option<Member<'_>> {
    let status = match callee.status {
        CalleeStatus::Ringing => "Waiting",
        CalleeStatus::InCall => "Calling",
        _ => return None,
    };
    Some(Member {
        user: &callee.user,
        status,
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CallRecord<'a> {
    call_id: &'a str,
    #[serde(rename = "Caller_Account")]
    caller: &'a str,
    media_type: Media,
    call_type: &'static str,
    start_time: UnixSeconds,
    end_time: UnixSeconds,
    /// 0 where nobody answered.
    accept_time: UnixSeconds,
    call_result: EndResult,
    /// All members, the caller included.
    #[serde(rename = "CalleeList_Account")]
    members: Vec<&'a str>,
    room_id: &'a str,
    room_id_type: i64,
}

impl<'a> CallRecord<'a> {
    /// The record of a call that has ended.
    pub(crate) fn of(call: &'a Call) -> Option<CallRecord<'a>> {
        let end = call.end?;
        let callees = call.callees.iter().map(|callee| callee.user.as_str());
        let (room_id, room_id_type) = call.wire_room();
        Some(CallRecord {
            call_id: &call.call_id,
            caller: &call.robot,
            media_type: call.media_type,
            call_type: call.call_type(),
            start_time: call.started_at.seconds(),
            end_time: end.at.seconds(),
            accept_time: call.answered_at.unwrap_or_default().seconds(),
            call_result: end.result,
            members: iter::once(call.robot.as_str()).chain(callees).collect(),
            room_id,
            room_id_type,
        })
    }
}
