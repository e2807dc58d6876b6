//! What a session learns about the call, from replies and webhooks.

use super::session::{CallSession, Early};
use super::state::{Ask, MemberRecord};
use super::{EndReason, Failure, Phase, SendId, SessionEvent, pace};
use crate::call_engine::get_call_info::{self, MemberStatus};
use crate::call_engine::{end_call, start_call_by_robot};
use crate::retry::Effect;
use crate::webhook::{Event, MemberState, MembersChanged, last_state, state_after};
use crate::{CallId, CallRecord, Error, ReportedRoom, UnixMillis, UserId};

impl CallSession {
    pub(super) fn call_answered(&mut self, result: &Result<start_call_by_robot::Response, Error>) {
        if !matches!(self.state.phase, Phase::Dialing | Phase::Searching) {
            return;
        }
        let response = match result {
            Ok(response) => response,
            Err(error) if error.effect() == Effect::Unknown => {
                // A reply that cannot be read as a whole may name the call all the same.
                return match error.call_id() {
                    Some(call_id) => self.found_call(call_id.clone()),
                    None => self.call_is_unknown(error.into()),
                };
            }
            Err(error) => {
                self.state.failure = Some(error.into());
                self.state.call_is_gone = true;
                return self.end_for(EndReason::NotStarted);
            }
        };
        let Some(call_id) = response.call_id.clone() else {
            return self.call_is_unknown(Failure::new(
                "no_call_id",
                "the service started the call without naming it",
            ));
        };
        self.found_call(call_id);
        for callee in &response.callees {
            if !callee.was_rung() {
                self.tell(SessionEvent::NotRung {
                    user_id: callee.user_id.clone(),
                    result_code: callee.result_code,
                });
                self.set_member(callee.user_id.clone(), MemberState::Offline);
            }
        }
    }

    pub(super) fn call_is_unknown(&mut self, failure: Failure) {
        if self.state.phase != Phase::Dialing {
            return;
        }
        self.state.failure = Some(failure.clone());
        self.tell(SessionEvent::StartUnknown { failure });
        self.go(Phase::Searching);
        if let Some(call_id) = self.state.candidate.take() {
            self.found_call(call_id);
        }
    }

    fn found_call(&mut self, call_id: CallId) {
        self.state.failure = None;
        self.state.call_id = Some(call_id.clone());
        self.go(Phase::Ringing);
        self.tell(SessionEvent::Ringing { call_id });
        let step = self.state.next_step();
        let callees = self.plan.call.callees().iter();
        self.state.members = callees
            .map(|callee| MemberRecord {
                user_id: callee.clone(),
                state: MemberState::Ringing,
                event_time: 0,
                step,
            })
            .collect();
        // Also where webhooks tell: some may have come before the call had a name here.
        let soon = pace::after(self.state.now, self.plan.options.poll_interval);
        self.state.slot(Ask::GetCallInfo).due = Some(soon);
        self.replay_early();
    }

    pub(super) fn call_info_answered(
        &mut self,
        id: SendId,
        result: &Result<get_call_info::Response, Error>,
    ) {
        match result {
            Ok(_) if self.state.call_is_gone => {}
            Ok(response) if Some(&response.call_id) == self.state.call_id.as_ref() => {
                self.learn_members(id.0, &response.members);
                self.state.slot(Ask::GetCallInfo).tries = 0;
                self.state.slot(Ask::GetCallInfo).due = self.next_question();
            }
            // That it is gone is not believed yet: `end_call` makes sure.
            Err(error) if error.is_gone() => {
                if self.state.phase.is_call_up() {
                    self.end_for(self.reason_of_gone_call());
                }
            }
            Ok(_) | Err(_) => self.try_again(Ask::GetCallInfo),
        }
    }

    fn next_question(&self) -> Option<UnixMillis> {
        let state = &self.state;
        let webhooks_arrive = state.call_webhooks_arrive;
        let regular = pace::poll(&self.plan.options, state, webhooks_arrive)
            .map(|pause| pace::after(state.now, pause));
        let last = match state.phase {
            Phase::Ringing => state.phase_until,
            _ => None,
        };
        let last = last
            .map(|until| pace::before(until, pace::LAST_QUESTION))
            .filter(|last| *last > state.now);
        pace::earlier(regular, last)
    }

    /// Takes a list of members for the truth at the step `asked`; what was learnt since then is newer.
    fn learn_members(&mut self, asked: u64, listed: &[get_call_info::Member]) {
        let is_newer = |known: &MemberRecord| known.step > asked;
        for known in self.state.members.clone() {
            let is_active = matches!(known.state, MemberState::Ringing | MemberState::InCall);
            let is_listed = listed.iter().any(|member| member.user_id == known.user_id);
            if is_active && !is_listed && !is_newer(&known) {
                self.set_member(known.user_id, MemberState::Left);
            }
        }
        for member in listed {
            let state = match member.status {
                MemberStatus::Calling => MemberState::InCall,
                MemberStatus::Waiting => MemberState::Ringing,
                MemberStatus::Unknown(_) => continue,
            };
            if !self.member(&member.user_id).is_some_and(is_newer) {
                self.set_member(member.user_id.clone(), state);
            }
        }
    }

    pub(super) fn end_call_answered(&mut self, result: &Result<end_call::Response, Error>) {
        match result {
            Err(error) if error.is_gone() => {
                self.state.call_is_gone = true;
            }
            Ok(_) => self.state.call_is_gone = true,
            Err(_) => self.try_again(Ask::EndCall),
        }
    }

    /// The record knows of an answer that fell between two questions.
    pub(super) fn record_came(&mut self, record: CallRecord) {
        if record.was_answered() && self.state.end == Some(EndReason::NotAnswered) {
            self.state.end = Some(EndReason::HungUp);
            // Of a group it does not tell who answered.
            if let [callee] = self.plan.call.callees() {
                self.set_member(callee.clone(), MemberState::HungUp);
            }
        }
        self.state.record = Some(record);
    }

    pub(super) fn take_call_webhook(&mut self, event: Event) {
        let Some(call_id) = event.call_id() else {
            return;
        };
        match &self.state.call_id {
            Some(own) if own == call_id => self.learn_from(&event),
            Some(_) => {}
            None if self.state.dialed() => {
                let call_id = call_id.clone();
                let is_ours = self.is_about_our_call(&event);
                self.keep(Early::Call(event));
                match self.state.phase {
                    _ if !is_ours => {}
                    Phase::Searching => self.found_call(call_id),
                    _ => self.state.candidate = Some(call_id),
                }
            }
            None => {}
        }
    }

    /// Whether an event about a call without a name here can be about none but ours: in our room, without
    /// strangers, and not from before.
    fn is_about_our_call(&self, event: &Event) -> bool {
        let (robot, callees) = (self.plan.robot(), self.plan.call.callees());
        let is_ours = |user_id: &UserId| user_id == robot || callees.contains(user_id);
        let (room, has_strangers) = match event {
            Event::CallStarted(started) => {
                let mut members = started.members.iter();
                let has_strangers = members.any(|member| !is_ours(&member.user_id));
                (&started.room, has_strangers)
            }
            Event::CallEnded(ended) => {
                let record = &ended.record;
                let is_known = is_ours(&record.caller) && record.members.iter().all(is_ours);
                (&record.room, !is_known)
            }
            Event::MembersChanged(_) | Event::Unknown(_) => return false,
        };
        let earliest = pace::before(self.state.dialed_at, pace::CLOCKS_DIFFER);
        room.as_ref().and_then(ReportedRoom::known) == Some(&self.plan.room)
            && !has_strangers
            && event.event_time().is_some_and(|time| time >= earliest)
    }

    fn learn_from(&mut self, event: &Event) {
        self.state.call_webhooks_arrive = true;
        match event {
            Event::CallStarted(started) => self.learn_in_call(&started.members, started.event_time),
            Event::MembersChanged(changed) => self.learn_changes(changed),
            Event::CallEnded(ended) => {
                if self.state.phase.is_call_up() {
                    self.end_for(match ended.record.was_answered() {
                        true => EndReason::HungUp,
                        false => self.reason_of_gone_call(),
                    });
                }
                let last = last_state(&ended.record);
                for member in self.state.members.clone() {
                    match member.state {
                        MemberState::Ringing => self.set_member(member.user_id, last),
                        MemberState::InCall => {
                            self.set_member(member.user_id, MemberState::Ended);
                        }
                        _ => {}
                    }
                }
                self.state.call_is_gone = true;
            }
            Event::Unknown(_) => {}
        }
    }

    fn learn_changes(&mut self, changed: &MembersChanged) {
        let at = changed.event_time;
        for change in &changed.changes {
            if let Some(state) = state_after(&change.action) {
                self.learn_member(&change.user_id, state, at);
            }
        }
        self.learn_in_call(&changed.members, at);
        let is_missing = |known: &MemberRecord| {
            let mut listed = changed.members.iter();
            matches!(known.state, MemberState::Ringing | MemberState::InCall)
                && known.event_time < at.0
                && !listed.any(|member| member.user_id == known.user_id)
        };
        // The delivery that says why is lost or late: the service can tell.
        if self.state.members.iter().any(is_missing) {
            let now = self.state.now;
            self.state.slot(Ask::GetCallInfo).due = Some(now);
        }
    }

    /// A list of members tells of answers whose own deliveries are lost or late.
    fn learn_in_call(&mut self, listed: &[get_call_info::Member], at: UnixMillis) {
        for member in listed {
            let is_news = self
                .member(&member.user_id)
                .is_none_or(|known| known.state == MemberState::Ringing);
            if is_news && member.status == MemberStatus::Calling {
                self.learn_member(&member.user_id, MemberState::InCall, at);
            }
        }
    }

    /// What a webhook tells of a user, unless a newer one has told already. At the same time, leaving is
    /// newer than being there, and otherwise what arrives later is.
    fn learn_member(&mut self, user_id: &UserId, state: MemberState, at: UnixMillis) {
        let has_gone =
            |state: &MemberState| !matches!(state, MemberState::Ringing | MemberState::InCall);
        let leaves = has_gone(&state);
        let is_old = self.member(user_id).is_some_and(|known| {
            let explains = known.state == MemberState::Left && leaves;
            let comes_back = at.0 == known.event_time && !leaves && has_gone(&known.state);
            !explains && (at.0 < known.event_time || comes_back)
        });
        let is_over = self.state.call_is_gone && !leaves;
        if is_old || is_over {
            return;
        }
        self.state.next_step();
        self.set_member(user_id.clone(), state);
        let mut members = self.state.members.iter_mut();
        if let Some(known) = members.find(|known| known.user_id == *user_id) {
            known.event_time = known.event_time.max(at.0);
        }
    }

    fn member(&self, user_id: &UserId) -> Option<&MemberRecord> {
        let mut members = self.state.members.iter();
        members.find(|known| known.user_id == *user_id)
    }

    fn set_member(&mut self, user_id: UserId, state: MemberState) {
        if user_id == *self.plan.robot() {
            return;
        }
        let step = self.state.step;
        let mut members = self.state.members.iter_mut();
        match members.find(|known| known.user_id == user_id) {
            Some(known) => {
                known.step = step;
                if known.state == state {
                    return;
                }
                known.state = state;
            }
            None => self.state.members.push(MemberRecord {
                user_id: user_id.clone(),
                state,
                event_time: 0,
                step,
            }),
        }
        self.tell(SessionEvent::Member { user_id, state });
    }
}
