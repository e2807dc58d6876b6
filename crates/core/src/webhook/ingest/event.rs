use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::word::word_enum;
use crate::{JsonText, TaskId, UnixMillis, stored};

/// What happened to a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IngestEvent {
    /// What happened, as far as this library knows the numbers below.
    pub kind: IngestEventKind,
    /// `EventGroupId`: 7 for stream ingest.
    pub event_group: i64,
    /// `EventType`: 701 start, 702 stop.
    pub event_type: i64,
    /// `Status`.
    pub status: Option<i64>,
    /// The task. `None` only where the kind is unknown: other events of the application may be sent to
    /// the same URL.
    #[serde(default, deserialize_with = "stored::optional")]
    pub task_id: Option<TaskId>,
    /// When it happened.
    pub event_time: UnixMillis,
    /// When it was sent (`CallbackMsTs`).
    pub callback_time: Option<UnixMillis>,
    /// Fields this library does not know, by path (`EventInfo.Later`).
    #[serde(default)]
    pub other_fields: BTreeMap<String, JsonText>,
}

word_enum! {
    /// What can happen to a task.
    IngestEventKind {
        /// The stream plays (701, status 0).
        Started = "started",
        /// The stream could not be played (701, status 1).
        Failed = "failed",
        /// The stream broke, and the service tries again (701, status 2).
        Restarting = "restarting",
        /// The task has ended (702, status 0).
        Stopped = "stopped",
        /// Something this library does not know: see the numbers.
        #[serde(other)]
        Unknown = "unknown",
    }
}

/// `EventGroupId` of stream ingest.
pub(super) const GROUP: i64 = 7;

impl IngestEventKind {
    /// Its `EventType` and `Status`.
    fn codes(self) -> (i64, Option<i64>) {
        match self {
            IngestEventKind::Started => (701, Some(0)),
            IngestEventKind::Failed => (701, Some(1)),
            IngestEventKind::Restarting => (701, Some(2)),
            IngestEventKind::Stopped => (702, Some(0)),
            IngestEventKind::Unknown => (0, None),
        }
    }

    pub(super) fn of(group: i64, event_type: i64, status: Option<i64>) -> IngestEventKind {
        let known = [
            IngestEventKind::Started,
            IngestEventKind::Failed,
            IngestEventKind::Restarting,
            IngestEventKind::Stopped,
        ];
        known
            .into_iter()
            .find(|kind| group == GROUP && kind.codes() == (event_type, status))
            .unwrap_or(IngestEventKind::Unknown)
    }
}

impl IngestEvent {
    /// That `kind` happened to a task, and was sent at once. For tests; set what differs.
    #[must_use]
    pub fn new(kind: IngestEventKind, task_id: TaskId, event_time: UnixMillis) -> IngestEvent {
        let (event_type, status) = kind.codes();
        IngestEvent {
            kind,
            event_group: GROUP,
            event_type,
            status,
            task_id: Some(task_id),
            event_time,
            callback_time: Some(event_time),
            other_fields: BTreeMap::new(),
        }
    }

    /// Whether both tell of the same happening: a repeated delivery differs in its time of sending.
    fn repeats(&self, other: &IngestEvent) -> bool {
        let what = |event: &IngestEvent| (event.event_group, event.event_type, event.status);
        self.event_time == other.event_time
            && self.task_id == other.task_id
            && what(self) == what(other)
    }
}

/// Events in the order in which they happened, each once, whatever the order and number of their
/// deliveries. A stop comes after what happened in the same millisecond.
#[must_use]
pub fn in_order(events: impl IntoIterator<Item = IngestEvent>) -> Vec<IngestEvent> {
    let mut events: Vec<IngestEvent> = events.into_iter().collect();
    events.sort_by_key(|event| (event.event_time, event.event_type, event.callback_time));
    let mut ordered: Vec<IngestEvent> = Vec::with_capacity(events.len());
    for event in events {
        let mut same_moment = ordered.iter().rev();
        let is_repeated = same_moment
            .by_ref()
            .take_while(|earlier| earlier.event_time == event.event_time)
            .any(|earlier| earlier.repeats(&event));
        if !is_repeated {
            ordered.push(event);
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(kind: IngestEventKind, task: &str, millis: u64, sent: u64) -> IngestEvent {
        let task_id = TaskId::new(task).unwrap();
        IngestEvent {
            callback_time: Some(UnixMillis(sent)),
            ..IngestEvent::new(kind, task_id, UnixMillis(millis))
        }
    }

    proptest! {
        #[test]
        fn every_order_and_repetition_gives_the_same_history(
            order in Just((0..5usize).collect::<Vec<_>>()).prop_shuffle(),
            repeated in proptest::collection::vec(0..5usize, 0..8),
        ) {
            let history = [
                event(IngestEventKind::Restarting, "a", 1, 1),
                event(IngestEventKind::Started, "a", 2, 2),
                event(IngestEventKind::Started, "b", 2, 3),
                event(IngestEventKind::Stopped, "a", 2, 1),
                event(IngestEventKind::Stopped, "b", 9, 9),
            ];
            let sent = order.iter().chain(&repeated).map(|index| history[*index].clone());
            let mut times = 100;
            let sent: Vec<_> = sent.enumerate().map(|(index, mut event)| {
                if index >= history.len() {
                    times += 1;
                    event.callback_time = Some(UnixMillis(times));
                }
                event
            }).collect();
            prop_assert_eq!(in_order(sent), history);
        }
    }
}
