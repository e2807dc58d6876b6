//! What the page shows: the calls and the deliveries, each as it is now, and when it last changed.
//!
//! Every change has a number. Whoever has seen everything up to one number is told what has changed since,
//! each thing once and as it is by then: nothing is missed however long somebody was away, and nobody who
//! reads slowly makes a queue grow.

mod call;
mod deliveries;
mod follow;

use std::collections::BTreeMap;

use serde::Serialize;
use tokio::sync::watch;
use trtc_call::CallId;

use self::deliveries::Deliveries;

pub(crate) use self::call::{BoardCall, Call, Packet, PlayState, Playing};
pub(crate) use self::deliveries::{Delivery, Direction, Reason, Source, Status};
pub(crate) use self::follow::{Answer, ask, ask_for_record, follow};

/// How many calls are kept; the one that changed longest ago is forgotten for another.
const KEPT_CALLS: usize = 1000;

pub(crate) struct Board {
    epoch: String,
    last: u64,
    changed: watch::Sender<u64>,
    calls: BTreeMap<CallId, (u64, Call)>,
    deliveries: Deliveries,
    settings_changed: u64,
}

/// The calls, and the number of the latest change in them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    last_event_id: String,
    calls: Vec<BoardCall>,
}

/// Something that changed.
pub(crate) enum Change {
    /// A call, whole.
    Call(BoardCall),
    /// What is new of a call that was told of before.
    CallContinued(BoardCall),
    Delivery(Delivery),
    Settings,
}

impl Board {
    /// An empty board. `epoch` tells its numbers from those of a board before it.
    pub(crate) fn new(epoch: String) -> Board {
        Board {
            epoch,
            last: 0,
            changed: watch::Sender::new(0),
            calls: BTreeMap::new(),
            deliveries: Deliveries::default(),
            settings_changed: 0,
        }
    }

    /// Tells of the number of each change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// The id of a change in the event stream.
    pub(crate) fn event_id(&self, number: u64) -> String {
        format!("{}-{number}", self.epoch)
    }

    /// The number of a change of this board; `None` for those of another.
    pub(crate) fn number_of(&self, event_id: &str) -> Option<u64> {
        let (epoch, number) = event_id.rsplit_once('-')?;
        let number = number.parse().ok().filter(|number| *number <= self.last)?;
        (epoch == self.epoch).then_some(number)
    }

    /// What has changed after that number, in order.
    pub(crate) fn changes_after(&self, number: u64) -> Vec<(u64, Change)> {
        let calls = self.calls.values();
        let calls = calls
            .filter(|(changed, _)| *changed > number)
            .map(|(changed, call)| {
                let change = if call.can_be_continued(number) {
                    Change::CallContinued(call.view(number, false))
                } else {
                    Change::Call(call.view(0, false))
                };
                (*changed, change)
            });
        let deliveries = self.deliveries.after(number);
        let deliveries =
            deliveries.map(|delivery| (delivery.id, Change::Delivery(delivery.headline())));
        let settings =
            (self.settings_changed > number).then_some((self.settings_changed, Change::Settings));
        let mut changes: Vec<(u64, Change)> = calls.chain(deliveries).chain(settings).collect();
        changes.sort_by_key(|(number, _)| *number);
        changes
    }

    /// All calls, the latest first.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut calls: Vec<BoardCall> = self
            .calls
            .values()
            .map(|(_, call)| call.view(0, false))
            .collect();
        calls.sort_by_key(|call| std::cmp::Reverse(call.started_at));
        Snapshot {
            last_event_id: self.event_id(self.last),
            calls,
        }
    }

    pub(crate) fn call(&self, call_id: &CallId) -> Option<&Call> {
        self.calls.get(call_id).map(|(_, call)| call)
    }

    pub(crate) fn calls_going_on(&self) -> usize {
        let calls = self.calls.values();
        calls.filter(|(_, call)| !call.is_over()).count()
    }

    /// Changes a call, which begins to be known with this. `act` says whether anything changed.
    /// Returns whether the call is new here.
    pub(crate) fn change_call(
        &mut self,
        call_id: &CallId,
        act: impl FnOnce(&mut Call, &mut dyn FnMut() -> u64) -> bool,
    ) -> bool {
        let is_new = !self.calls.contains_key(call_id);
        if is_new {
            self.make_room();
        }
        let mut last = self.last;
        let (changed, call) = self
            .calls
            .entry(call_id.clone())
            .or_insert_with_key(|call_id| (0, Call::new(call_id.clone())));
        let mut next = || {
            last += 1;
            last
        };
        if act(call, &mut next) || is_new {
            *changed = next();
            call.settle(*changed);
        }
        self.last = last;
        self.publish();
        is_new
    }

    /// The deliveries, the latest first.
    pub(crate) fn deliveries(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.latest_first()
    }

    pub(crate) fn delivery(&self, id: u64) -> Option<&Delivery> {
        self.deliveries.latest_first().find(|it| it.id == id)
    }

    /// Notes a delivery, and gives it its number.
    pub(crate) fn note_delivery(&mut self, mut delivery: Delivery) -> u64 {
        let has_received = self.deliveries.has_received();
        self.last += 1;
        let id = self.last;
        delivery.id = id;
        self.deliveries.push(delivery);
        if !has_received && self.deliveries.has_received() {
            self.note_settings(); // They say whether webhooks come.
        }
        self.publish();
        id
    }

    pub(crate) fn has_received(&self) -> bool {
        self.deliveries.has_received()
    }

    pub(crate) fn note_settings(&mut self) {
        self.last += 1;
        self.settings_changed = self.last;
        self.publish();
    }

    fn publish(&self) {
        self.changed.send_replace(self.last);
    }

    fn make_room(&mut self) {
        if self.calls.len() < KEPT_CALLS {
            return;
        }
        let calls = self.calls.iter();
        // Calls that go on stay as long as there is one that is over.
        let oldest = calls.min_by_key(|(_, (changed, call))| (!call.is_over(), *changed));
        if let Some(oldest) = oldest.map(|(call_id, _)| call_id.clone()) {
            self.calls.remove(&oldest);
        }
    }
}
