use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::wire::{Count, List, Name, Text, open_enum};
use crate::{CallId, MediaType, ReportedRoom, UnixSeconds, UserId};

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
    pub room: Option<ReportedRoom>,
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

    /// Whether somebody answered: the time of it says so, or the result.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.accept_time.is_some() || self.result.was_answered()
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
pub(crate) struct WireRecord<'a> {
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    call_id: Name,
    #[serde(rename = "Caller_Account")]
    caller: Text,
    // A sample of a webhook has it by the other name.
    #[serde(alias = "CallMediaType")]
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    media_type: Text,
    call_type: Text,
    start_time: Count,
    end_time: Count,
    #[cfg_attr(feature = "openapi", schemars(with = "Option<u64>"))]
    accept_time: Option<Count>,
    call_result: Text,
    #[serde(rename = "CalleeList_Account")]
    members: List<Text>,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Text>"))]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::wire::Integer>"))]
    room_id_type: Option<&'a RawValue>,
}

impl From<WireRecord<'_>> for CallRecord {
    fn from(wire: WireRecord<'_>) -> CallRecord {
        CallRecord {
            call_id: wire.call_id.into(),
            caller: wire.caller.into(),
            media_type: wire.media_type.into(),
            call_type: wire.call_type.into(),
            start_time: UnixSeconds(wire.start_time.0),
            end_time: UnixSeconds(wire.end_time.0),
            accept_time: wire
                .accept_time
                .filter(|time| time.0 != 0)
                .map(|time| UnixSeconds(time.0)),
            result: wire.call_result.into(),
            members: wire.members.map(UserId::from),
            room: ReportedRoom::read(wire.room_id, wire.room_id_type),
        }
    }
}
