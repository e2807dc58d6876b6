use serde::{Deserialize, Serialize};

use crate::endpoint::PayloadError;
use crate::wire::{IntegerOrText, TextOrInteger, open_enum, reported_room};
use crate::{CallId, MediaType, RoomId, UnixSeconds, UserId};

/// What became of a call (<https://trtc.io/document/68930>).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallRecord {
    /// The call's name.
    pub call_id: CallId,
    /// Who rang.
    pub caller: UserId,
    /// Audio or video.
    pub media_type: MediaType,
    /// 1-to-1 or group.
    pub call_type: CallType,
    /// When the phones began to ring.
    pub start_time: UnixSeconds,
    /// When the call ended.
    pub end_time: UnixSeconds,
    /// When it was answered, if it was.
    pub accept_time: Option<UnixSeconds>,
    /// How it ended.
    pub result: CallResult,
    /// All members, the caller included.
    pub members: Vec<UserId>,
    /// The room, if it had one.
    pub room: Option<RoomId>,
}

impl CallRecord {
    /// A record of a video call without room and time of answer, for tests; set what differs.
    /// `members` include the caller; more than two make a group call.
    #[must_use]
    pub fn new(
        call_id: CallId,
        caller: UserId,
        members: Vec<UserId>,
        result: CallResult,
        start_time: UnixSeconds,
        end_time: UnixSeconds,
    ) -> CallRecord {
        CallRecord {
            call_id,
            caller,
            media_type: MediaType::Video,
            call_type: if members.len() > 2 {
                CallType::MultiCall
            } else {
                CallType::SingleCall
            },
            start_time,
            end_time,
            accept_time: None,
            result,
            members,
            room: None,
        }
    }
}

open_enum! {
    /// How many a call was for.
    CallType {
        /// One caller, one callee.
        SingleCall = "SingleCall",
        /// A group.
        MultiCall = "MultiCall",
    }
}

open_enum! {
    /// How a call ended.
    CallResult {
        /// The caller gave up before anybody answered.
        Cancel = "Cancel",
        /// The callee refused.
        Reject = "Reject",
        /// Nobody answered in time.
        NotAnswer = "NotAnswer",
        /// It was answered, and somebody hung up.
        NormalEnd = "NormalEnd",
        /// The callee was in another call.
        CallBusy = "CallBusy",
        /// It was answered, and then broke off.
        Interrupt = "Interrupt",
        /// The callee could not be reached.
        Offline = "Offline",
    }
}

impl CallResult {
    /// Whether somebody answered.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        matches!(self, CallResult::NormalEnd | CallResult::Interrupt)
    }
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub(super) struct WireRecord {
    call_id: String,
    #[serde(rename = "Caller_Account")]
    caller: TextOrInteger,
    media_type: String,
    call_type: TextOrInteger,
    start_time: u64,
    end_time: u64,
    #[serde(default)]
    accept_time: u64,
    call_result: TextOrInteger,
    #[serde(rename = "CalleeList_Account")]
    members: Vec<TextOrInteger>,
    #[serde(default)]
    room_id: TextOrInteger,
    #[serde(default)]
    room_id_type: IntegerOrText,
}

impl TryFrom<WireRecord> for CallRecord {
    type Error = PayloadError;

    fn try_from(wire: WireRecord) -> Result<CallRecord, PayloadError> {
        Ok(CallRecord {
            call_id: CallId::reported(wire.call_id),
            caller: wire.caller.into(),
            media_type: wire.media_type.as_str().into(),
            call_type: wire.call_type.0.as_str().into(),
            start_time: UnixSeconds(wire.start_time),
            end_time: UnixSeconds(wire.end_time),
            accept_time: Some(wire.accept_time)
                .filter(|time| *time != 0)
                .map(UnixSeconds),
            result: wire.call_result.0.as_str().into(),
            members: wire.members.into_iter().map(UserId::from).collect(),
            room: reported_room(wire.room_id, wire.room_id_type)?,
        })
    }
}
