use serde::Serialize;

use crate::fields::Fields;
use crate::wire::open_enum;
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

impl CallRecord {
    /// Reads what replies and webhooks have in common; their media types differ.
    pub(crate) fn read(record: &mut Fields<'_>, media_type: MediaType) -> CallRecord {
        CallRecord {
            call_id: record.call_id(),
            caller: record.user_id("Caller_Account"),
            media_type,
            call_type: record.text("CallType").as_str().into(),
            start_time: UnixSeconds(record.count("StartTime")),
            end_time: UnixSeconds(record.count("EndTime")),
            accept_time: record
                .optional_count("AcceptTime")
                .filter(|time| *time != 0)
                .map(UnixSeconds),
            result: record.text("CallResult").as_str().into(),
            members: record.user_ids("CalleeList_Account"),
            room: record.room(),
        }
    }

    /// Reads the record of a reply.
    pub(super) fn of_reply(mut record: Fields<'_>) -> CallRecord {
        let media_type = record.string("MediaType").as_str().into();
        CallRecord::read(&mut record, media_type)
    }
}

#[cfg(feature = "openapi")]
#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "PascalCase")]
#[expect(dead_code, reason = "describes what is read")]
pub(super) struct WireRecord {
    call_id: String,
    #[schemars(rename = "Caller_Account")]
    caller: crate::wire::TextOrInteger,
    media_type: String,
    call_type: crate::wire::TextOrInteger,
    start_time: u64,
    end_time: u64,
    #[schemars(default)]
    accept_time: u64,
    call_result: crate::wire::TextOrInteger,
    #[schemars(rename = "CalleeList_Account")]
    members: Vec<crate::wire::TextOrInteger>,
    #[schemars(default)]
    room_id: crate::wire::TextOrInteger,
    #[schemars(default)]
    room_id_type: crate::wire::IntegerOrText,
}
