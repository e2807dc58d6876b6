use std::collections::BTreeMap;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};

use super::CallbackCommand;
use crate::call_engine::get_call_info::Member;
use crate::wire::{open_enum, read_any_word};
use crate::{CallId, CallRecord, JsonText, MediaType, ReportedRoom, UnixMillis, UserId, stored};

/// What a webhook tells.
///
/// An event of a call has the call's name and a time, which orders deliveries: without them a body is refused. Of
/// the rest, what is missing is empty (a time 0), and what cannot be read stands in `other_fields` besides.
///
/// Serialised as one flat object: `command`, `callId`, `eventTime` (milliseconds), the fields of the
/// event, and `otherFields`. So it is read back; what is missing of a known event makes it none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// `Call.CallbackAfterStartCall`: a call was started (<https://trtc.io/document/68941>).
    CallStarted(CallStarted),
    /// `Call.CallbackAfterMemberChanged`: somebody answered, refused, joined, left, was invited
    /// (<https://trtc.io/document/69215>).
    MembersChanged(MembersChanged),
    /// `Call.CallbackAfterEndCall`: a call ended (<https://trtc.io/document/68940>).
    CallEnded(CallEnded),
    /// A command this library does not know.
    Unknown(UnknownEvent),
}

/// A call was started.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallStarted {
    /// The call's name.
    pub call_id: CallId,
    /// Audio or video.
    pub media_type: MediaType,
    /// The Chat group the call belongs to, if any.
    pub chat_group_id: Option<String>,
    /// The room, if it has one.
    pub room: Option<ReportedRoom>,
    /// Who is in the call or being rung.
    pub members: Vec<Member>,
    /// When it happened.
    pub event_time: UnixMillis,
    /// Fields this library does not know, by path (`CallInfo.Later`).
    pub other_fields: BTreeMap<String, JsonText>,
}

/// Members of a call did something.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MembersChanged {
    /// The call's name.
    pub call_id: CallId,
    /// Who is in the call or being rung now.
    pub members: Vec<Member>,
    /// What changed.
    pub changes: Vec<MemberChange>,
    /// When it happened.
    pub event_time: UnixMillis,
    /// Fields this library does not know, by path (`UserList[0].Later`).
    pub other_fields: BTreeMap<String, JsonText>,
}

/// What one member did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MemberChange {
    /// Who.
    #[serde(deserialize_with = "stored::text")]
    pub user_id: UserId,
    /// What.
    pub action: MemberAction,
}

impl MemberChange {
    /// That `user_id` did `action`.
    #[must_use]
    pub fn new(user_id: UserId, action: MemberAction) -> MemberChange {
        MemberChange { user_id, action }
    }
}

open_enum! {
    /// What a member of a call did (`ActionType`). Every published spelling is taken.
    MemberAction {
        /// Answered.
        Answer = "Answer" | "Accept",
        /// Refused.
        Reject = "Reject",
        /// Let the phone ring until the timeout.
        NotAnswer = "NotAnswer" | "Not Answer",
        /// Hung up.
        HangUp = "Hangup" | "Hang Up" | "Hang_Up",
        /// Joined a call that was going on.
        Join = "Join",
        /// Was lost: the heartbeat stopped.
        Offline = "Offline",
        /// Was invited into the call.
        Invite = "Invite" | "Invited",
        /// Was invited, and the invitation was taken back. (The vendor also writes `Canncel_Invite`.)
        CancelInvite = "Cancel_Invite" | "Canncel_Invite" | "CancelInvite" | "Cancel Invite" | "Canncel Invite",
    }
}

read_any_word!(MemberAction);

/// A call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallEnded {
    /// What became of the call.
    pub record: CallRecord,
    /// When it happened.
    pub event_time: UnixMillis,
    /// Fields this library does not know, by path (`CallRecord.Later`).
    pub other_fields: BTreeMap<String, JsonText>,
}

/// Something this library does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The command.
    pub command: CallbackCommand,
    /// All fields of the body but `CallbackCommand`.
    pub other_fields: BTreeMap<String, JsonText>,
}

impl CallStarted {
    /// The start of a call without room or group; set what differs.
    #[must_use]
    pub fn new(
        call_id: CallId,
        media_type: MediaType,
        members: Vec<Member>,
        event_time: UnixMillis,
    ) -> CallStarted {
        CallStarted {
            call_id,
            media_type,
            chat_group_id: None,
            room: None,
            members,
            event_time,
            other_fields: BTreeMap::new(),
        }
    }
}

impl MembersChanged {
    /// That `changes` happened, after which the call has `members`.
    #[must_use]
    pub fn new(
        call_id: CallId,
        members: Vec<Member>,
        changes: Vec<MemberChange>,
        event_time: UnixMillis,
    ) -> MembersChanged {
        MembersChanged {
            call_id,
            members,
            changes,
            event_time,
            other_fields: BTreeMap::new(),
        }
    }
}

impl CallEnded {
    /// That a call ended as `record` says.
    #[must_use]
    pub fn new(record: CallRecord, event_time: UnixMillis) -> CallEnded {
        CallEnded {
            record,
            event_time,
            other_fields: BTreeMap::new(),
        }
    }
}

impl Event {
    /// Which command it came with.
    #[must_use]
    pub fn command(&self) -> CallbackCommand {
        match self {
            Event::CallStarted(_) => CallbackCommand::AfterStartCall,
            Event::MembersChanged(_) => CallbackCommand::AfterMemberChanged,
            Event::CallEnded(_) => CallbackCommand::AfterEndCall,
            Event::Unknown(unknown) => unknown.command.clone(),
        }
    }

    /// The call, where the event is a known one.
    #[must_use]
    pub fn call_id(&self) -> Option<&CallId> {
        match self {
            Event::CallStarted(started) => Some(&started.call_id),
            Event::MembersChanged(changed) => Some(&changed.call_id),
            Event::CallEnded(ended) => Some(&ended.record.call_id),
            Event::Unknown(_) => None,
        }
    }

    /// When it happened, where the event is a known one.
    #[must_use]
    pub fn event_time(&self) -> Option<UnixMillis> {
        match self {
            Event::CallStarted(started) => Some(started.event_time),
            Event::MembersChanged(changed) => Some(changed.event_time),
            Event::CallEnded(ended) => Some(ended.event_time),
            Event::Unknown(_) => None,
        }
    }

    pub(super) fn other_fields_mut(&mut self) -> &mut BTreeMap<String, JsonText> {
        match self {
            Event::CallStarted(started) => &mut started.other_fields,
            Event::MembersChanged(changed) => &mut changed.other_fields,
            Event::CallEnded(ended) => &mut ended.other_fields,
            Event::Unknown(unknown) => &mut unknown.other_fields,
        }
    }

    /// What this library does not know of it, by path.
    #[must_use]
    pub fn other_fields(&self) -> &BTreeMap<String, JsonText> {
        match self {
            Event::CallStarted(started) => &started.other_fields,
            Event::MembersChanged(changed) => &changed.other_fields,
            Event::CallEnded(ended) => &ended.other_fields,
            Event::Unknown(unknown) => &unknown.other_fields,
        }
    }
}

impl From<CallStarted> for Event {
    fn from(started: CallStarted) -> Event {
        Event::CallStarted(started)
    }
}

impl From<MembersChanged> for Event {
    fn from(changed: MembersChanged) -> Event {
        Event::MembersChanged(changed)
    }
}

impl From<CallEnded> for Event {
    fn from(ended: CallEnded) -> Event {
        Event::CallEnded(ended)
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Flat<'a> {
            command: CallbackCommand,
            call_id: Option<&'a CallId>,
            event_time: Option<UnixMillis>,
            #[serde(flatten)]
            own: Own<'a>,
            other_fields: &'a BTreeMap<String, JsonText>,
        }

        #[derive(Serialize)]
        #[serde(untagged, rename_all_fields = "camelCase")]
        enum Own<'a> {
            Started {
                media_type: &'a MediaType,
                chat_group_id: &'a Option<String>,
                room: &'a Option<ReportedRoom>,
                members: &'a [Member],
            },
            Changed {
                members: &'a [Member],
                changes: &'a [MemberChange],
            },
            Ended {
                record: &'a CallRecord,
            },
            Unknown {},
        }

        let own = match self {
            Event::CallStarted(started) => Own::Started {
                media_type: &started.media_type,
                chat_group_id: &started.chat_group_id,
                room: &started.room,
                members: &started.members,
            },
            Event::MembersChanged(changed) => Own::Changed {
                members: &changed.members,
                changes: &changed.changes,
            },
            Event::CallEnded(ended) => Own::Ended {
                record: &ended.record,
            },
            Event::Unknown(_) => Own::Unknown {},
        };
        let flat = Flat {
            command: self.command(),
            call_id: self.call_id(),
            event_time: self.event_time(),
            own,
            other_fields: self.other_fields(),
        };
        flat.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Event, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Flat {
            command: CallbackCommand,
            #[serde(default, deserialize_with = "stored::optional")]
            call_id: Option<CallId>,
            event_time: Option<UnixMillis>,
            #[serde(default, deserialize_with = "stored::optional")]
            media_type: Option<MediaType>,
            chat_group_id: Option<String>,
            room: Option<ReportedRoom>,
            members: Option<Vec<Member>>,
            changes: Option<Vec<MemberChange>>,
            record: Option<CallRecord>,
            #[serde(default)]
            other_fields: BTreeMap<String, JsonText>,
        }

        let flat = Flat::deserialize(deserializer)?;
        let needs = D::Error::missing_field;
        let call_id = flat.call_id.ok_or_else(|| needs("callId"));
        let event_time = flat.event_time.ok_or_else(|| needs("eventTime"));
        let other_fields = flat.other_fields;
        Ok(match flat.command {
            CallbackCommand::AfterStartCall => Event::CallStarted(CallStarted {
                call_id: call_id?,
                media_type: flat.media_type.ok_or_else(|| needs("mediaType"))?,
                chat_group_id: flat.chat_group_id,
                room: flat.room,
                members: flat.members.unwrap_or_default(),
                event_time: event_time?,
                other_fields,
            }),
            CallbackCommand::AfterMemberChanged => Event::MembersChanged(MembersChanged {
                call_id: call_id?,
                members: flat.members.unwrap_or_default(),
                changes: flat.changes.unwrap_or_default(),
                event_time: event_time?,
                other_fields,
            }),
            CallbackCommand::AfterEndCall => Event::CallEnded(CallEnded {
                record: flat.record.ok_or_else(|| needs("record"))?,
                event_time: event_time?,
                other_fields,
            }),
            command @ CallbackCommand::Unknown(_) => Event::Unknown(UnknownEvent {
                command,
                other_fields,
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_spelling_of_an_action_is_one_of_eight() {
        for (spellings, action) in [
            (&["Answer", "Accept", "accept"][..], MemberAction::Answer),
            (&["Reject"], MemberAction::Reject),
            (&["NotAnswer"], MemberAction::NotAnswer),
            (&["Hangup", "Hang Up", "HangUp"], MemberAction::HangUp),
            (&["Join"], MemberAction::Join),
            (&["Offline"], MemberAction::Offline),
            (&["Invite", "Invited"], MemberAction::Invite),
            (
                &["Cancel_Invite", "Canncel_Invite"],
                MemberAction::CancelInvite,
            ),
        ] {
            for spelling in spellings {
                assert_eq!(MemberAction::from(*spelling), action, "{spelling}");
            }
        }
        assert_eq!(
            MemberAction::from("Wave"),
            MemberAction::Unknown("Wave".to_owned())
        );
    }
}
