//! What happened, in order: for a live view and for tests.

use serde::Serialize;
use trtc_call_core::UnixMillis;

use crate::latest::Latest;
use crate::{EndResult, IngestEndReason};

/// Something that happened in a call. In the control API one flat object:
/// `{"id":5,"at":1700000000000,"callId":"…","event":"hung_up","user":"jack"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Event {
    /// Counts the events of an emulator, from 1.
    pub id: u64,
    /// When it happened, in emulated time.
    pub at: UnixMillis,
    /// The call; empty for an ingest into a room that is no call's.
    pub call_id: String,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(
    tag = "event",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum EventKind {
    /// A request started the call.
    Started {
        /// The caller.
        robot: String,
    },
    /// A phone began to ring.
    Ringing {
        /// Whose.
        user: String,
    },
    /// A phone could not be rung: its user is busy.
    Busy {
        /// Who.
        user: String,
    },
    /// A phone could not be rung: its user is offline.
    Offline {
        /// Who.
        user: String,
    },
    /// A callee answered.
    Answered {
        /// Who.
        user: String,
    },
    /// A callee refused.
    Rejected {
        /// Who.
        user: String,
    },
    /// The ring timeout passed.
    NotAnswered {
        /// For whom.
        user: String,
    },
    /// A callee hung up.
    HungUp {
        /// Who.
        user: String,
    },
    /// A callee lost the connection.
    Dropped {
        /// Who.
        user: String,
    },
    /// The call ended.
    Ended {
        /// How.
        result: EndResult,
    },
    /// `get_record_by_callid` finds the call's record from now on.
    RecordReady,
    /// A robot entered the room and plays.
    IngestStarted {
        /// The robot.
        user: String,
        /// The task.
        task_id: String,
    },
    /// The stream could not be played.
    IngestFailed {
        /// The robot.
        user: String,
        /// The task.
        task_id: String,
    },
    /// The service lost the stream and started again.
    IngestRestarted {
        /// The robot.
        user: String,
        /// The task.
        task_id: String,
    },
    /// The robot left the room.
    IngestEnded {
        /// The robot.
        user: String,
        /// The task.
        task_id: String,
        /// Why.
        reason: IngestEndReason,
    },
}

/// The latest events.
#[derive(Debug, Default)]
pub(crate) struct EventLog {
    events: Latest<Event, KEPT_EVENTS>,
    last_id: u64,
}

const KEPT_EVENTS: usize = 10_000;

impl EventLog {
    pub(crate) fn push(&mut self, at: UnixMillis, call_id: &str, kind: EventKind) {
        self.last_id += 1;
        self.events.push(Event {
            id: self.last_id,
            at,
            call_id: call_id.to_owned(),
            kind,
        });
    }

    /// The events after the one of that id, oldest first.
    pub(crate) fn since(&self, id: u64) -> impl Iterator<Item = &Event> {
        self.events.behind(move |event| event.id <= id)
    }

    pub(crate) fn last_id(&self) -> u64 {
        self.last_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_and_the_oldest_are_forgotten() {
        let mut log = EventLog::default();
        for at in 0..=KEPT_EVENTS as u64 {
            log.push(UnixMillis(at), "c", EventKind::RecordReady);
        }
        let ids: Vec<u64> = log.since(0).map(|event| event.id).collect();
        assert_eq!(ids.len(), KEPT_EVENTS);
        assert_eq!(ids.first(), Some(&2));
        assert_eq!(log.since(KEPT_EVENTS as u64).count(), 1);
        assert_eq!(log.since(u64::MAX).count(), 0);
        for at in 0..2 * KEPT_EVENTS as u64 {
            log.push(UnixMillis(at), "c", EventKind::RecordReady);
            assert_eq!(log.since(0).count(), KEPT_EVENTS);
        }
        assert_eq!(log.since(log.last_id() - 1).count(), 1);
    }

    #[test]
    fn an_event_is_one_flat_object() {
        let event = Event {
            id: 1,
            at: UnixMillis(5),
            call_id: "c".to_owned(),
            kind: EventKind::Ended {
                result: EndResult::NormalEnd,
            },
        };
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            r#"{"id":1,"at":5,"callId":"c","event":"ended","result":"NormalEnd"}"#
        );
    }
}
