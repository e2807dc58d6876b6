use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::input::{FromInput, Given, Properties};
use crate::wire::{Count, Items, Name, Said, Text, open_enum, read_any_word};
use crate::{CallId, MediaType, Problem, ReportedRoom, UnixSeconds, UserId, stored};

/// What became of a call (<https://trtc.io/document/68930>).
///
/// Only its name is always there. A word or a name that the service does not say, or not as text, is empty.
///
/// Its JSON is the same here, in the command's output and in the npm package, and stays as it is; what was stored is read
/// back whatever it holds. (Where records are listed, `wasAnswered` stands beside its fields.)
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallRecord {
    /// The call's name.
    #[serde(deserialize_with = "stored::text")]
    pub call_id: CallId,
    /// Who rang.
    #[serde(deserialize_with = "stored::text")]
    pub caller: UserId,
    /// Audio or video.
    #[serde(deserialize_with = "stored::text")]
    pub media_type: MediaType,
    /// 1-to-1 or group.
    pub call_type: CallType,
    /// When the phones began to ring; 0 where the service does not say.
    pub start_time: UnixSeconds,
    /// When the call ended; 0 where the service does not say.
    pub end_time: UnixSeconds,
    /// When it was answered, if it was.
    pub accept_time: Option<UnixSeconds>,
    /// How it ended.
    pub result: CallResult,
    /// All members, the caller included.
    #[serde(deserialize_with = "stored::list")]
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

read_any_word!(CallType, CallResult);

impl CallResult {
    /// Whether somebody answered.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        matches!(self, CallResult::NormalEnd | CallResult::Interrupt)
    }

    /// Whether the callee was busy or offline. Of several callees it says so if the last to go was: others may have rung.
    pub(crate) fn was_not_reached(&self) -> bool {
        matches!(self, CallResult::CallBusy | CallResult::Offline)
    }
}

/// As this library shows records: whoever was given one may give it back.
impl FromInput for CallRecord {
    const WHAT: &'static str = "record";

    fn from_input(input: &mut Properties<'_>) -> Option<CallRecord> {
        let user = |name: Given<'_>| name.text().map(UserId::any);
        let call_id = input.required("callId", |id| id.text().map(CallId::reported));
        let caller = input.required("caller", user);
        let media_type = input.required("mediaType", |word| Ok(word.text()?.as_str().into()));
        let call_type = input.required("callType", |word| Ok(word.text()?.as_str().into()));
        let start_time = input.required("startTime", Given::unix_seconds);
        let end_time = input.required("endTime", Given::unix_seconds);
        let accept_time = unless_null(input, "acceptTime", Given::unix_seconds);
        let result = input.required("result", |word| Ok(word.text()?.as_str().into()));
        let members = input.list("members", user);
        let room = unless_null(input, "room", ReportedRoom::given);
        // It follows from the rest.
        input.take("wasAnswered");
        Some(CallRecord {
            call_id: call_id?,
            caller: caller?,
            media_type: media_type?,
            call_type: call_type?,
            start_time: start_time?,
            end_time: end_time?,
            accept_time,
            result: result?,
            members: members?,
            room,
        })
    }
}

fn unless_null<'a, T>(
    input: &mut Properties<'a>,
    name: &str,
    read: impl FnOnce(Given<'a>) -> Result<T, Problem>,
) -> Option<T> {
    let value = input.optional(name, |given| match given.json() {
        "null" => Ok(None),
        _ => read(given).map(Some),
    });
    value.flatten()
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub(crate) struct WireRecord<'a> {
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    call_id: Name,
    #[serde(rename = "Caller_Account")]
    caller: Said<Text>,
    // A sample of a webhook has it by the other name.
    #[serde(alias = "CallMediaType")]
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    media_type: Said<Text>,
    call_type: Said<Text>,
    start_time: Said<Count>,
    end_time: Said<Count>,
    #[cfg_attr(feature = "openapi", schemars(with = "Option<u64>"))]
    accept_time: Said<Count>,
    call_result: Said<Text>,
    #[serde(rename = "CalleeList_Account")]
    members: Said<Items<Text>>,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<Text>"))]
    room_id: Option<&'a RawValue>,
    #[serde(borrow)]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<crate::wire::Integer>"))]
    room_id_type: Option<&'a RawValue>,
}

fn time(seconds: Said<Count>) -> UnixSeconds {
    UnixSeconds(seconds.0.map_or(0, |Count(seconds)| seconds))
}

fn users(list: Said<Items<Text>>) -> Vec<UserId> {
    list.0.map_or_else(Vec::new, |list| list.map(UserId::from))
}

impl From<WireRecord<'_>> for CallRecord {
    fn from(wire: WireRecord<'_>) -> CallRecord {
        CallRecord {
            call_id: wire.call_id.into(),
            caller: wire.caller.or_empty(),
            media_type: wire.media_type.or_empty(),
            call_type: wire.call_type.or_empty(),
            start_time: time(wire.start_time),
            end_time: time(wire.end_time),
            accept_time: Some(time(wire.accept_time)).filter(|time| time.0 != 0),
            result: wire.call_result.or_empty(),
            members: users(wire.members),
            room: ReportedRoom::read(wire.room_id, wire.room_id_type),
        }
    }
}
