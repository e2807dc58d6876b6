//! One call: who is rung, who answered, how it ended.

use std::time::Duration;

use serde::{Serialize, Serializer};
use trtc_call_core::UnixMillis;

use crate::Script;
use crate::clock::as_milliseconds;
use crate::event::EventKind;

/// A call, from its start until its record expires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Call {
    /// Counts the calls of an emulator, from 1.
    pub number: u64,
    /// Its name.
    pub call_id: String,
    /// The caller.
    pub robot: String,
    /// The users to ring, in the order of the request.
    pub callees: Vec<Callee>,
    /// Audio or video.
    pub media_type: Media,
    /// The room, if the request named one.
    pub room: Option<Room>,
    /// Text for the callees' application.
    pub user_data: Option<String>,
    /// How long the phones ring.
    #[serde(rename = "ringTimeoutMs", serialize_with = "as_milliseconds")]
    pub ring_timeout: Duration,
    /// When the phones began to ring.
    pub started_at: UnixMillis,
    /// When the first callee answered.
    pub answered_at: Option<UnixMillis>,
    /// When and how it ended.
    pub end: Option<End>,
    /// Whether `get_record_by_callid` finds it.
    pub has_record: bool,
}

/// A user who is rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Callee {
    /// The user.
    pub user: String,
    /// How far the user has got in the call.
    pub status: CalleeStatus,
    /// What the user does. It was fixed when the phone began to ring.
    pub script: Script,
}

/// How far a callee has got in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CalleeStatus {
    /// Being rung.
    Ringing,
    /// In the call.
    InCall,
    /// Refused.
    Rejected,
    /// Did not answer in time.
    NotAnswered,
    /// Was in the call and hung up.
    HungUp,
    /// Was in the call and lost the connection.
    Dropped,
    /// Could not be rung: in another call.
    Busy,
    /// Could not be rung: not reachable.
    Offline,
    /// Was being rung when `end_call` ended the call.
    Cancelled,
    /// Was in the call when `end_call` ended it.
    Ended,
}

/// Audio or video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Media {
    /// Sound alone.
    Audio,
    /// Sound and picture.
    Video,
}

/// A room. **Numeric 123 and string "123" are two different rooms.**
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// `RoomId`; a numeric room's decimal digits.
    pub id: String,
    /// 1 numeric, 2 string: the `RoomIdType` of calls, also where an ingest named the room by another code.
    #[serde(rename = "type")]
    pub id_type: i64,
}

/// When and how a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct End {
    /// When.
    pub at: UnixMillis,
    /// How.
    pub result: EndResult,
}

/// How a call ended: `CallResult` of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndResult {
    /// `end_call` ended it before anybody answered.
    Cancel,
    /// Nobody answered, and the last to go refused.
    Reject,
    /// Nobody answered, and the last to go let the phone ring.
    NotAnswer,
    /// It was answered, and ended by `end_call` or by the last callee's hanging up.
    NormalEnd,
    /// Nobody answered, and the last to go was busy.
    CallBusy,
    /// It was answered, and the last callee lost the connection.
    Interrupt,
    /// Nobody answered, and the last to go was offline.
    Offline,
}

impl EndResult {
    /// Every result.
    pub const ALL: [EndResult; 7] = [
        EndResult::Cancel,
        EndResult::Reject,
        EndResult::NotAnswer,
        EndResult::NormalEnd,
        EndResult::CallBusy,
        EndResult::Interrupt,
        EndResult::Offline,
    ];

    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            EndResult::Cancel => "Cancel",
            EndResult::Reject => "Reject",
            EndResult::NotAnswer => "NotAnswer",
            EndResult::NormalEnd => "NormalEnd",
            EndResult::CallBusy => "CallBusy",
            EndResult::Interrupt => "Interrupt",
            EndResult::Offline => "Offline",
        }
    }
}

impl Serialize for EndResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a callee does, or what happens to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Answer,
    Reject,
    HangUp,
    Drop,
    /// The ring timeout has passed.
    TimeOut,
}

impl Call {
    /// `RoomId` and `RoomIdType` as the service reports them.
    pub(crate) fn wire_room(&self) -> (&str, i64) {
        self.room
            .as_ref()
            .map_or(("", 0), |room| (&room.id, room.id_type))
    }

    /// `CallType`.
    pub(crate) fn call_type(&self) -> &'static str {
        match self.callees.as_slice() {
            [_] => "SingleCall",
            _ => "MultiCall",
        }
    }

    /// Which of the callees the user is.
    pub(crate) fn position(&self, user: &str) -> Option<usize> {
        self.callees.iter().position(|callee| callee.user == user)
    }

    /// Lets a callee act. `None` if it comes too late: the callee has left, or the call has ended.
    pub(crate) fn act(&mut self, callee: usize, act: Act, at: UnixMillis) -> Option<EventKind> {
        let Callee { user, status, .. } = self.callees.get_mut(callee)?;
        let user = user.clone();
        let (next, event) = match (*status, act) {
            (CalleeStatus::Ringing, Act::Answer) => {
                self.answered_at.get_or_insert(at);
                (CalleeStatus::InCall, EventKind::Answered { user })
            }
            (CalleeStatus::Ringing, Act::Reject) => {
                (CalleeStatus::Rejected, EventKind::Rejected { user })
            }
            (CalleeStatus::Ringing, Act::TimeOut) => {
                (CalleeStatus::NotAnswered, EventKind::NotAnswered { user })
            }
            (CalleeStatus::InCall, Act::HangUp) => {
                (CalleeStatus::HungUp, EventKind::HungUp { user })
            }
            (CalleeStatus::InCall, Act::Drop) => {
                (CalleeStatus::Dropped, EventKind::Dropped { user })
            }
            _ => return None,
        };
        *status = next;
        Some(event)
    }

    /// Ends the call if nobody is left but the robot, by what `last` did, the last callee to go.
    pub(crate) fn end_if_deserted(&mut self, last: usize, at: UnixMillis) -> Option<EndResult> {
        let is_deserted = !self.callees.iter().any(|callee| callee.status.is_active());
        if self.end.is_some() || !is_deserted {
            return None;
        }
        let last = self.callees.get(last)?.status;
        let result = match (self.answered_at, last) {
            (Some(_), CalleeStatus::Dropped) => EndResult::Interrupt,
            (Some(_), _) => EndResult::NormalEnd,
            (None, CalleeStatus::Rejected) => EndResult::Reject,
            (None, CalleeStatus::Busy) => EndResult::CallBusy,
            (None, CalleeStatus::Offline) => EndResult::Offline,
            (None, _) => EndResult::NotAnswer,
        };
        self.end = Some(End { at, result });
        Some(result)
    }

    /// Ends the call for everybody. `None` if it has ended already.
    pub(crate) fn end_by_caller(&mut self, at: UnixMillis) -> Option<EndResult> {
        if self.end.is_some() {
            return None;
        }
        for callee in &mut self.callees {
            match callee.status {
                CalleeStatus::Ringing => callee.status = CalleeStatus::Cancelled,
                CalleeStatus::InCall => callee.status = CalleeStatus::Ended,
                _ => {}
            }
        }
        let result = match self.answered_at {
            Some(_) => EndResult::NormalEnd,
            None => EndResult::Cancel,
        };
        self.end = Some(End { at, result });
        Some(result)
    }
}

impl CalleeStatus {
    /// Whether the callee is in the call or being rung.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, CalleeStatus::Ringing | CalleeStatus::InCall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(statuses: &[CalleeStatus]) -> Call {
        let callee = |(index, status): (usize, &CalleeStatus)| Callee {
            user: format!("user-{index}"),
            status: *status,
            script: Script::NoAnswer,
        };
        Call {
            number: 1,
            call_id: "c".to_owned(),
            robot: "robot".to_owned(),
            callees: statuses.iter().enumerate().map(callee).collect(),
            media_type: Media::Audio,
            room: None,
            user_data: None,
            ring_timeout: Duration::from_secs(30),
            started_at: UnixMillis(0),
            answered_at: None,
            end: None,
            has_record: false,
        }
    }

    #[test]
    fn who_has_left_does_nothing_more() {
        use CalleeStatus::{Busy, InCall, Ringing};
        let mut call = call(&[Ringing, InCall, Busy]);
        assert_eq!(call.act(0, Act::HangUp, UnixMillis(1)), None);
        assert_eq!(call.act(1, Act::Answer, UnixMillis(1)), None);
        assert_eq!(call.act(1, Act::TimeOut, UnixMillis(1)), None);
        assert_eq!(call.act(2, Act::Answer, UnixMillis(1)), None);
        assert!(call.act(0, Act::Reject, UnixMillis(1)).is_some());
        assert_eq!(call.act(0, Act::Answer, UnixMillis(2)), None);
        assert_eq!(call.answered_at, None);
    }

    #[test]
    fn the_last_to_go_decides_the_result_of_a_call_that_nobody_answered() {
        use CalleeStatus::{Busy, NotAnswered, Offline, Rejected};
        for (last, result) in [
            (Rejected, EndResult::Reject),
            (NotAnswered, EndResult::NotAnswer),
            (Busy, EndResult::CallBusy),
            (Offline, EndResult::Offline),
        ] {
            let mut call = call(&[Rejected, last]);
            assert_eq!(call.end_if_deserted(1, UnixMillis(7)), Some(result));
            assert_eq!(call.end_if_deserted(1, UnixMillis(8)), None, "only once");
        }
    }

    #[test]
    fn a_call_goes_on_while_somebody_rings_or_talks() {
        use CalleeStatus::{HungUp, InCall, Ringing};
        assert_eq!(
            call(&[HungUp, InCall]).end_if_deserted(0, UnixMillis(1)),
            None
        );
        assert_eq!(
            call(&[HungUp, Ringing]).end_if_deserted(0, UnixMillis(1)),
            None
        );
    }
}
