//! The telephone exchange: all calls, what is due to happen in them, and how often each phone rang.

mod seed;

use std::collections::BTreeMap;
use std::time::Duration;

use trtc_call_core::UnixMillis;

use crate::agenda::Agenda;
use crate::call::{Act, Call, Callee, CalleeStatus, EndResult, Media, Room};
use crate::event::{EventKind, EventLog};
use crate::rooms::{Rooms, Through};
use crate::webhook::{Subject, Webhooks};
use crate::{Script, Then};

/// From the end of a call until its record can be read (<https://trtc.io/document/68930>).
const RECORD_READY_AFTER: Duration = Duration::from_secs(5);
/// From the end of a call until its record is gone.
pub(crate) const RECORD_KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

#[derive(Debug, Default)]
pub(crate) struct Exchange {
    calls: BTreeMap<String, Call>,
    started: u64,
    due: Agenda<Due>,
    rings: BTreeMap<String, u64>,
    scripts: BTreeMap<String, Script>,
    events: EventLog,
    webhooks: Webhooks,
    rooms: Rooms,
}

/// A call to be started, its fields checked.
#[derive(Debug)]
pub(crate) struct NewCall {
    pub(crate) robot: String,
    pub(crate) callees: Vec<String>,
    pub(crate) media_type: Media,
    pub(crate) room: Option<Room>,
    pub(crate) user_data: Option<String>,
    pub(crate) ring_timeout: Duration,
}

#[derive(Debug)]
struct Due {
    call_id: String,
    what: What,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Callee { index: usize, act: Act },
    RecordReady,
    RecordExpired,
}

impl Exchange {
    /// Rings everybody who can be rung, and tells what became of each.
    pub(crate) fn start(&mut self, call_id: &str, new: NewCall, now: UnixMillis) -> Vec<Callee> {
        let event = EventKind::Started {
            robot: new.robot.clone(),
        };
        self.events.push(now, call_id, event);
        let callees: Vec<Callee> = new
            .callees
            .into_iter()
            .enumerate()
            .map(|(index, user)| self.ring(call_id, index, user, now, new.ring_timeout))
            .collect();
        self.started += 1;
        let mut call = Call {
            number: self.started,
            call_id: call_id.to_owned(),
            robot: new.robot,
            callees: callees.clone(),
            media_type: new.media_type,
            room: new.room,
            user_data: new.user_data,
            ring_timeout: new.ring_timeout,
            started_at: now,
            answered_at: None,
            end: None,
            has_record: false,
        };
        self.webhooks.tell(&call, &Subject::Started, now);
        let end = call.end_if_deserted(callees.len().saturating_sub(1), now);
        self.calls.insert(call_id.to_owned(), call);
        if let Some(result) = end {
            self.note_end(call_id, result, now);
        }
        callees
    }

    fn ring(
        &mut self,
        call_id: &str,
        index: usize,
        user: String,
        now: UnixMillis,
        ring_timeout: Duration,
    ) -> Callee {
        let script = self.script(&user);
        let name = user.clone();
        let (status, event) = match script {
            Script::Busy => (CalleeStatus::Busy, EventKind::Busy { user: name }),
            Script::Offline => (CalleeStatus::Offline, EventKind::Offline { user: name }),
            Script::Answer { .. } | Script::Reject { .. } | Script::NoAnswer => {
                (CalleeStatus::Ringing, EventKind::Ringing { user: name })
            }
        };
        self.events.push(now, call_id, event);
        if status == CalleeStatus::Ringing {
            *self.rings.entry(user.clone()).or_default() += 1;
            let act = |act| What::Callee { index, act };
            // Before what the user does: who answers in the very millisecond of the timeout is late.
            self.schedule(now.after(ring_timeout), call_id, act(Act::TimeOut));
            match script {
                Script::Answer { after, .. } => {
                    self.schedule(now.after(after), call_id, act(Act::Answer));
                }
                Script::Reject { after } => {
                    self.schedule(now.after(after), call_id, act(Act::Reject));
                }
                _ => {}
            }
        }
        Callee {
            user,
            status,
            script,
        }
    }

    /// Ends a call. `false` if there is none of that name or it has ended already.
    pub(crate) fn end(&mut self, call_id: &str, now: UnixMillis) -> bool {
        let result = self
            .calls
            .get_mut(call_id)
            .and_then(|call| call.end_by_caller(now));
        if let Some(result) = result {
            self.note_end(call_id, result, now);
        }
        result.is_some()
    }

    fn note_end(&mut self, call_id: &str, result: EndResult, now: UnixMillis) {
        self.events.push(now, call_id, EventKind::Ended { result });
        if let Some(call) = self.calls.get(call_id) {
            if let Some(room) = &call.room {
                self.rooms
                    .leave_all(room, &Through::Call(call_id.to_owned()));
            }
            self.webhooks.tell(call, &Subject::Ended, now);
        }
        self.schedule(now.after(RECORD_READY_AFTER), call_id, What::RecordReady);
        self.schedule(now.after(RECORD_KEPT_FOR), call_id, What::RecordExpired);
    }

    fn schedule(&mut self, at: UnixMillis, call_id: &str, what: What) {
        let call_id = call_id.to_owned();
        self.due.schedule(at, Due { call_id, what });
    }

    /// When something happens next.
    pub(crate) fn next_due(&self) -> Option<UnixMillis> {
        self.due.next_due()
    }

    /// Lets everything happen that is due until `now`, in order, each at its own time.
    pub(crate) fn run_until(&mut self, now: UnixMillis) {
        while let Some((at, due)) = self.due.take(now) {
            self.happen(&due, at);
        }
    }

    fn happen(&mut self, due: &Due, at: UnixMillis) {
        let Due { call_id, what } = due;
        // An event may outlive its call, which is gone when its record has expired.
        let Some(call) = self.calls.get_mut(call_id) else {
            return;
        };
        match *what {
            What::Callee { index, act } => {
                let Some(event) = call.act(index, act, at) else {
                    return;
                };
                self.webhooks.tell(call, &Subject::Acted { index, act }, at);
                if let (Some(room), Some(callee)) = (&call.room, call.callees.get(index)) {
                    let through = Through::Call(call_id.clone());
                    match act {
                        Act::Answer => self.rooms.enter(room, &callee.user, through),
                        _ => self.rooms.leave(room, &callee.user, &through),
                    }
                }
                let end = call.end_if_deserted(index, at);
                let script = call.callees.get(index).map(|callee| &callee.script);
                let leaves = match (act, script) {
                    (Act::Answer, Some(Script::Answer { then, .. })) => leaves(*then),
                    _ => None,
                };
                self.events.push(at, call_id, event);
                if let Some((after, act)) = leaves {
                    self.schedule(at.after(after), call_id, What::Callee { index, act });
                }
                if let Some(result) = end {
                    self.note_end(call_id, result, at);
                }
            }
            What::RecordReady => {
                call.has_record = true;
                self.events.push(at, call_id, EventKind::RecordReady);
            }
            What::RecordExpired => {
                self.calls.remove(call_id);
            }
        }
    }

    /// Takes the callees out of a room, one user or everybody. Their applications lose the room, and
    /// with it the call.
    pub(crate) fn clear_room(&mut self, room: &Room, user: Option<&str>, now: UnixMillis) {
        let mut thrown_out = Vec::new();
        for occupant in self.rooms.users(room) {
            let is_meant = user.is_none_or(|user| user == occupant.user);
            if let Through::Call(call_id) = &occupant.through
                && is_meant
                && let Some(call) = self.calls.get(call_id)
                && let Some(index) = call.position(&occupant.user)
            {
                let act = Act::Drop;
                thrown_out.push(Due {
                    call_id: call_id.clone(),
                    what: What::Callee { index, act },
                });
            }
        }
        for due in thrown_out {
            self.happen(&due, now);
        }
    }

    /// The call that is going on in a room; the latest, where there are several.
    pub(crate) fn call_in(&self, room: &Room) -> Option<&str> {
        let calls = self.calls.values();
        let in_room = calls.filter(|call| call.end.is_none() && call.room.as_ref() == Some(room));
        let call = in_room.max_by_key(|call| call.number)?;
        Some(&call.call_id)
    }

    /// Who is in which room.
    pub(crate) fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    pub(crate) fn rooms_mut(&mut self) -> &mut Rooms {
        &mut self.rooms
    }

    /// Takes note of what happened in an ingest.
    pub(crate) fn log(&mut self, at: UnixMillis, call_id: &str, event: EventKind) {
        self.events.push(at, call_id, event);
    }

    /// The call of that name, until its record expires.
    pub(crate) fn call(&self, call_id: &str) -> Option<&Call> {
        self.calls.get(call_id)
    }

    /// All calls in the order of their start.
    pub(crate) fn calls(&self) -> Vec<&Call> {
        let mut calls: Vec<&Call> = self.calls.values().collect();
        calls.sort_by_key(|call| (call.started_at, call.number));
        calls
    }

    /// What the service tells the application's server.
    pub(crate) fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    pub(crate) fn webhooks_mut(&mut self) -> &mut Webhooks {
        &mut self.webhooks
    }

    pub(crate) fn rings(&self) -> &BTreeMap<String, u64> {
        &self.rings
    }

    pub(crate) fn events(&self) -> &EventLog {
        &self.events
    }

    /// What a user does: the script that was set, or else what the name says.
    pub(crate) fn script(&self, user: &str) -> Script {
        let script = self.scripts.get(user).cloned();
        script.unwrap_or_else(|| Script::by_name(user))
    }

    pub(crate) fn scripts(&self) -> &BTreeMap<String, Script> {
        &self.scripts
    }

    pub(crate) fn set_script(&mut self, user: String, script: Script) {
        self.scripts.insert(user, script);
    }

    pub(crate) fn clear_script(&mut self, user: &str) {
        self.scripts.remove(user);
    }
}

/// When and how a user leaves who has just answered.
fn leaves(then: Then) -> Option<(Duration, Act)> {
    match then {
        Then::Stay => None,
        Then::HangUp(after) => Some((after, Act::HangUp)),
        Then::Drop(after) => Some((after, Act::Drop)),
    }
}
