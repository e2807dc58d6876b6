//! `POST /v4/call_engine_http_srv/start_call_by_robot` (<https://trtc.io/document/74505>)

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use super::{Command, Scene, offline_push};
use crate::admission::whole_number;
use crate::call::{CalleeStatus, Media, Room};
use crate::exchange::NewCall;
use crate::field::{AccountRule, FieldError, Fields, Rule};
use crate::json::json;
use crate::reply::Outcome;

pub(super) const COMMAND: Command = Command {
    service: "call_engine_http_srv",
    name: "start_call_by_robot",
    serve,
};

/// `ResultCode` of a callee who is busy. The service does not document its codes; this is the
/// emulator's choice.
const BUSY: i64 = 1;
/// `ResultCode` of a callee who is offline; the emulator's choice too.
const OFFLINE: i64 = 2;

const MAX_USER_DATA_BYTES: usize = 1000;
const MAX_ROOM_ID_BYTES: usize = 64;
const ROOM_ID_PUNCTUATION: &str = " !#$%&()+-:;<=.>?@[]^_{}|~,";
const NUMERIC_ROOM: i64 = 1;
const STRING_ROOM: i64 = 2;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Payload<'a> {
    call_id: &'a str,
    call_result: Vec<CalleeResult<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CalleeResult<'a> {
    #[serde(rename = "Callee_Account")]
    callee: &'a str,
    result_code: i64,
}

fn serve(request: Fields<'_>, scene: &mut Scene<'_>) -> Outcome {
    let new_call = read(request, scene.account_rule)?;
    let call_id = scene.draws.uuid();
    let callees = scene.exchange.start(&call_id, new_call, scene.now);
    let call_result = callees.iter().map(|callee| CalleeResult {
        callee: &callee.user,
        result_code: match callee.status {
            CalleeStatus::Busy => BUSY,
            CalleeStatus::Offline => OFFLINE,
            _ => 0,
        },
    });
    Ok(Some(json(&Payload {
        call_id: &call_id,
        call_result: call_result.collect(),
    })))
}

fn read(request: Fields<'_>, account_rule: AccountRule) -> Result<NewCall, FieldError> {
    let robot = request.account("Robot_Account", account_rule)?;
    let callees = request.accounts("CalleeList_Account", account_rule)?;
    if callees.is_empty() {
        return Err(request.error("CalleeList_Account", "must name at least one user"));
    }
    if callees.contains(&robot) {
        return Err(request.error("CalleeList_Account", "must not hold the robot"));
    }
    if callees.iter().collect::<BTreeSet<_>>().len() < callees.len() {
        return Err(request.error("CalleeList_Account", "must not name a user twice"));
    }
    let ring_timeout = request.integer("Timeout", &(10_000..=600_000))?;
    let user_data = request.optional_string("UserData")?;
    if user_data.is_some_and(|data| data.len() > MAX_USER_DATA_BYTES) {
        let rule = format!("must be at most {MAX_USER_DATA_BYTES} bytes of UTF-8");
        return Err(request.error("UserData", rule));
    }
    let call_info = request.object("CallInfo")?;
    let media_type = match call_info.string("MediaType")? {
        word if word.eq_ignore_ascii_case("Audio") => Media::Audio,
        word if word.eq_ignore_ascii_case("Video") => Media::Video,
        _ => return Err(call_info.error("MediaType", "must be Audio or Video")),
    };
    let room = read_room(call_info)?;
    request.check(&[("OfflinePushInfo", Rule::Object(offline_push::RULES))])?;
    Ok(NewCall {
        robot: robot.to_owned(),
        callees: callees.into_iter().map(str::to_owned).collect(),
        media_type,
        room,
        user_data: user_data.map(str::to_owned),
        ring_timeout: Duration::from_millis(ring_timeout.unsigned_abs()),
    })
}

fn read_room(call_info: Fields<'_>) -> Result<Option<Room>, FieldError> {
    if !call_info.has("RoomId") && !call_info.has("RoomIdType") {
        return Ok(None);
    }
    let id = call_info.string("RoomId")?;
    let id_type = call_info.integer("RoomIdType", &(NUMERIC_ROOM..=STRING_ROOM))?;
    if id_type == NUMERIC_ROOM && !is_numeric_room(id) {
        let rule = "must be a decimal number from 1 to 4294967294, since RoomIdType is 1";
        return Err(call_info.error("RoomId", rule));
    }
    if id_type == STRING_ROOM && !is_string_room(id) {
        let rule = format!(
            "must be 1 to {MAX_ROOM_ID_BYTES} letters, digits or{ROOM_ID_PUNCTUATION}, since RoomIdType is 2"
        );
        return Err(call_info.error("RoomId", rule));
    }
    Ok(Some(Room {
        id: id.to_owned(),
        id_type,
    }))
}

pub(crate) fn is_numeric_room(id: &str) -> bool {
    // No leading zeros: "007" would be another room than 7 for some.
    !id.starts_with('0') && whole_number(id).is_some_and(|number| number != u32::MAX)
}

pub(crate) fn is_string_room(id: &str) -> bool {
    let punctuation = ROOM_ID_PUNCTUATION.as_bytes();
    (1..=MAX_ROOM_ID_BYTES).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || punctuation.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_room_has_89_characters_to_choose_from() {
        let allowed = (0..=0x10_ffff)
            .filter_map(char::from_u32)
            .filter(|c| is_string_room(&c.to_string()));
        assert_eq!(allowed.count(), 89);
    }

    #[test]
    fn a_numeric_room_is_its_plain_decimal_string() {
        assert!(is_numeric_room("1"));
        assert!(is_numeric_room("4294967294"));
        for id in [
            "",
            "0",
            "4294967295",
            "4294967296",
            "01",
            "+1",
            "-1",
            "1.0",
            "room",
        ] {
            assert!(!is_numeric_room(id), "{id}");
        }
    }
}
