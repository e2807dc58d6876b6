//! From phase to phase: what follows from what is known.

use std::time::Duration;

use super::session::CallSession;
use super::state::Ask;
use super::{EndReason, Phase, SessionEvent, Watch, pace};
use crate::webhook::MemberState;

impl CallSession {
    /// The first reason counts.
    pub(super) fn end_for(&mut self, reason: EndReason) {
        self.state.end.get_or_insert(reason);
    }

    pub(super) fn advance(&mut self) {
        while let Some(next) = self.next_phase() {
            self.go(next);
        }
    }

    fn next_phase(&mut self) -> Option<Phase> {
        let state = &self.state;
        let ran_out = state.phase_until.is_some_and(|until| until <= state.now);
        match state.phase {
            Phase::Dialing | Phase::Searching => {
                let was_refused = state.dialed() && state.call_is_gone;
                let was_never_sent = state.end.is_some() && !state.dialed();
                (was_refused || was_never_sent || ran_out).then_some(Phase::Over)
            }
            Phase::Ringing | Phase::Answered | Phase::Playing | Phase::Talking => {
                if !state.has_active_member() {
                    self.end_for(self.reason_of_gone_call());
                } else if ran_out && state.phase == Phase::Ringing {
                    self.end_for(EndReason::NotAnswered);
                } else if ran_out {
                    self.end_for(EndReason::TooLong);
                }
                let is_answered = self.state.has_answered_member();
                match self.state.phase {
                    _ if self.state.end.is_some() => Some(Phase::Ending),
                    Phase::Ringing if is_answered => Some(Phase::Answered),
                    _ => None,
                }
            }
            Phase::Ending => {
                let is_clean = state.call_is_gone && !state.ingest.may_run();
                (is_clean || ran_out).then_some(Phase::AwaitingRecord)
            }
            Phase::AwaitingRecord => {
                let is_clean = state.call_is_gone && !state.ingest.may_run();
                let is_complete = is_clean && state.record.is_some();
                (is_complete || ran_out).then_some(Phase::Over)
            }
            Phase::Over => None,
        }
    }

    /// Why a call is gone that nobody here has ended.
    pub(super) fn reason_of_gone_call(&self) -> EndReason {
        let mut members = self.state.members.iter();
        let somebody_hung_up = members.any(|member| member.state == MemberState::HungUp);
        match self.state.phase {
            Phase::Ringing if !somebody_hung_up => EndReason::NotAnswered,
            _ => EndReason::HungUp,
        }
    }

    pub(super) fn go(&mut self, next: Phase) {
        let (now, last) = (self.state.now, self.state.phase);
        debug_assert!(
            last.next().any(|(phase, _)| phase == next),
            "{last} -> {next} is not documented"
        );
        self.state.phase = next;
        self.passed.push(next);
        let ring_timeout = self.plan.call.ring_timeout();
        let dialed_at = self.state.dialed_at;
        match next {
            Phase::Dialing | Phase::Playing | Phase::Talking => {}
            Phase::Searching => {
                // Without webhooks, there is nobody who could name the call.
                let pause = match self.plan.options.watch {
                    Watch::Polling => Duration::ZERO,
                    Watch::Webhooks | Watch::Both => ring_timeout + pace::SEARCH_GRACE,
                };
                self.state.phase_until = Some(pace::after(dialed_at, pause));
            }
            Phase::Ringing => {
                let until = pace::after(dialed_at, ring_timeout + pace::RING_GRACE);
                // A call that was found late is asked about before it is given up.
                let until = until.max(pace::after(now, pace::LAST_QUESTION));
                self.state.phase_until = Some(until);
            }
            Phase::Answered if last == Phase::Ringing => {
                let until = pace::after(now, self.plan.options.max_duration);
                self.state.phase_until = Some(until);
                self.want_ingest();
            }
            Phase::Answered => {}
            Phase::Ending => {
                self.state.phase_until = Some(pace::after(now, pace::CLEAN_UP));
                self.state.slot(Ask::EndCall).due = Some(now);
                self.stop_ingest();
                if let Some(reason) = self.state.end {
                    self.tell(SessionEvent::Ending { reason });
                }
            }
            Phase::AwaitingRecord => {
                self.state.phase_until = Some(pace::after(now, pace::RECORD));
                self.state.slot(Ask::GetRecord).due = Some(pace::after(now, pace::RECORD_AFTER));
            }
            Phase::Over => {
                self.end_for(EndReason::OutcomeUnknown);
                self.state.phase_until = None;
                self.early.clear();
                if let Some(outcome) = self.outcome() {
                    let outcome = Box::new(outcome);
                    self.tell(SessionEvent::Ended { outcome });
                }
            }
        }
    }
}
