use std::collections::VecDeque;
use std::time::Duration;

use super::state::{Ask, Ingest, State};
use super::{
    Answer, EndReason, Failure, Outcome, Phase, Plan, Request, SendId, SessionEvent, Watch, pace,
};
use crate::webhook::{self, MemberState, ingest::IngestEvent};
use crate::{TransportErrorKind, UnixMillis};

/// The whole job of one call as a state machine: ring, play on answer, hang up, clean up, fetch the record.
///
/// See the [module's documentation](super) for the loop around it and for what it guarantees.
#[derive(Debug, Clone)]
pub struct CallSession {
    pub(super) plan: Plan,
    pub(super) state: State,
    events: VecDeque<SessionEvent>,
    /// Webhooks that came before the name they go by; they are lost when the process stops.
    early: VecDeque<Early>,
    passed: Vec<Phase>,
}

#[derive(Debug, Clone)]
pub(super) enum Early {
    Call(webhook::Event),
    Ingest(IngestEvent),
}

/// Far above what arrives between a request and its reply.
const MAX_EARLY: usize = 32;

/// What a session wants.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Output {
    /// Save the session, then send this, and hand in what comes back.
    Send {
        /// Names it to [`CallSession::handle_reply`].
        id: SendId,
        /// What to send.
        request: Request,
    },
    /// Tell the user.
    Event(SessionEvent),
}

impl CallSession {
    /// A session that will ring as the plan says: [`poll`](Self::poll) gives the request.
    #[must_use]
    pub fn new(plan: Plan, now: UnixMillis) -> CallSession {
        CallSession::with_state(plan, State::new(now))
    }

    pub(super) fn with_state(plan: Plan, state: State) -> CallSession {
        let passed = vec![state.phase];
        CallSession {
            plan,
            state,
            events: VecDeque::new(),
            early: VecDeque::new(),
            passed,
        }
    }

    /// Time has passed: call it when [`next_wakeup`](Self::next_wakeup) comes, and whenever you like.
    ///
    /// Here and elsewhere, `now` should not go back; where it does, the latest one counts on.
    pub fn handle_time(&mut self, now: UnixMillis) {
        self.learn(now, |_| {});
    }

    /// A request was answered, or not: a reply as it came, or how far the request got.
    pub fn handle_reply(
        &mut self,
        id: SendId,
        reply: Result<(u16, &[u8]), TransportErrorKind>,
        now: UnixMillis,
    ) {
        match self.asked(id) {
            Some(ask) => self.handle_answer(id, Answer::of_reply(ask, reply), now),
            None => self.handle_time(now),
        }
    }

    /// A request was answered, or not, by a client that reads replies itself.
    pub fn handle_answer(&mut self, id: SendId, answer: Answer, now: UnixMillis) {
        self.learn(now, |session| session.take_answer(id, answer));
    }

    /// A webhook about a call came. Those of other calls are left out.
    pub fn handle_call_webhook(&mut self, event: &webhook::Event, now: UnixMillis) {
        self.learn(now, |session| session.take_call_webhook(event));
    }

    /// A webhook about an ingest came. Those of other tasks are left out.
    pub fn handle_ingest_webhook(&mut self, event: &IngestEvent, now: UnixMillis) {
        self.learn(now, |session| session.take_ingest_webhook(event));
    }

    /// Ends the call and the ingest, whatever they are doing: the user wants it so.
    pub fn end(&mut self, now: UnixMillis) {
        self.learn(now, |session| session.end_for(EndReason::Requested));
    }

    /// What is to be done next, until `None`.
    ///
    /// **Save the session before you send**: what was taken from here and not saved would be sent again by
    /// a process that resumes it.
    pub fn poll(&mut self) -> Option<Output> {
        if let Some(event) = self.events.pop_front() {
            return Some(Output::Event(event));
        }
        let now = self.state.now;
        let ask = Ask::ALL.into_iter().find(|ask| {
            let is_wanted = self.state.wants(*ask);
            let slot = self.state.slot(*ask);
            is_wanted && slot.sent_at.is_none() && slot.due.is_some_and(|due| due <= now)
        })?;
        let request = Request::of(ask, &self.plan, &self.state)?;
        let step = self.state.next_step();
        let slot = self.state.slot(ask);
        (slot.id, slot.sent_at) = (step, Some(now));
        match ask {
            Ask::StartCall => self.state.dialed_at = now,
            Ask::StartIngest => self.state.ingest = Ingest::Starting,
            _ => {}
        }
        Some(Output::Send {
            id: SendId(step),
            request,
        })
    }

    /// When to hand in [`Input::Time`], unless something else happens before.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<UnixMillis> {
        let slots = Ask::ALL.into_iter().zip(&self.state.slots);
        let slots = slots.filter_map(|(ask, slot)| match slot.sent_at {
            Some(sent_at) => Some(pace::after(sent_at, pace::REPLY)),
            None => slot.due.filter(|_| self.state.wants(ask)),
        });
        let phase_until = self.state.phase_until.into_iter();
        slots.chain(phase_until).min().filter(|_| !self.is_over())
    }

    /// How far it has got.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.state.phase
    }

    /// The phases it went through in this process, the present one last.
    #[must_use]
    pub fn passed(&self) -> &[Phase] {
        &self.passed
    }

    /// What it is to do.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Whether it is over: nothing more will come out of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state.phase == Phase::Over
    }

    /// What became of it, once it is over.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        let state = &self.state;
        let members = state.members.iter();
        self.is_over().then(|| Outcome {
            reason: state.end.unwrap_or(EndReason::OutcomeUnknown),
            call_id: state.call_id.clone(),
            record: state.record.clone(),
            members: members
                .map(|member| (member.user_id.clone(), member.state.clone()))
                .collect(),
            failure: state.failure.clone(),
            call_may_be_up: self.call_may_be_up(),
            ingest_may_run: state.ingest.may_run(),
            task_id: state.task_id.clone(),
        })
    }

    fn call_may_be_up(&self) -> bool {
        match self.state.end {
            Some(EndReason::NotStarted) => false,
            _ => !self.state.call_is_gone && self.state.dialed(),
        }
    }
}

/// What follows from what is known.
impl CallSession {
    pub(super) fn tell(&mut self, event: SessionEvent) {
        self.events.push_back(event);
    }

    /// The first reason counts.
    pub(super) fn end_for(&mut self, reason: EndReason) {
        self.state.end.get_or_insert(reason);
    }

    /// What comes after the end changes nothing.
    fn learn(&mut self, now: UnixMillis, take: impl FnOnce(&mut CallSession)) {
        if self.is_over() {
            return;
        }
        self.state.now = self.state.now.max(now);
        take(self);
        self.give_up_on_replies();
        self.advance();
    }

    fn advance(&mut self) {
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

    /// The kind of a request whose reply is still of interest.
    fn asked(&self, id: SendId) -> Option<Ask> {
        let mut slots = Ask::ALL.into_iter().zip(&self.state.slots);
        let (ask, slot) = slots.find(|(_, slot)| slot.id == id.0)?;
        // What these two started may still be there, however late the reply.
        let starts = matches!(ask, Ask::StartCall | Ask::StartIngest);
        (id.0 != 0 && (starts || slot.sent_at.is_some())).then_some(ask)
    }

    fn take_answer(&mut self, id: SendId, answer: Answer) {
        let Some(ask) = self.asked(id) else {
            return;
        };
        if ask != answer.ask() {
            return;
        }
        self.state.slot(ask).sent_at = None;
        match answer {
            Answer::StartCall(result) => self.call_answered(result),
            Answer::GetCallInfo(result) => self.call_info_answered(id, result),
            Answer::EndCall(result) => self.end_call_answered(&result),
            Answer::GetRecord(result) => match result {
                Ok(response) => self.state.record = Some(response.record),
                Err(_) => self.try_again(Ask::GetRecord),
            },
            Answer::StartIngest(result) => self.ingest_answered(result),
            Answer::DescribeIngest(result) => self.describe_answered(result),
            Answer::StopIngest(result) => self.stop_answered(&result),
            Answer::RemoveRobot(result) => self.remove_answered(&result),
        }
    }

    fn give_up_on_replies(&mut self) {
        for ask in Ask::ALL {
            let slot = *self.state.slot(ask);
            if slot
                .sent_at
                .is_some_and(|sent_at| pace::after(sent_at, pace::REPLY) <= self.state.now)
            {
                let lost = Answer::of_reply(ask, Err(TransportErrorKind::Timeout));
                self.take_answer(SendId(slot.id), lost);
            }
        }
    }

    pub(super) fn try_again(&mut self, ask: Ask) {
        let now = self.state.now;
        let slot = self.state.slot(ask);
        slot.tries = slot.tries.saturating_add(1);
        slot.due = Some(pace::after(now, pace::back_off(slot.tries)));
    }

    /// Goes on where another process stopped.
    pub(super) fn pick_up(&mut self, now: UnixMillis) {
        if self.is_over() {
            return;
        }
        self.state.now = self.state.now.max(now);
        let (now, phase) = (self.state.now, self.state.phase);
        for ask in Ask::ALL {
            let slot = self.state.slot(ask);
            if slot.sent_at.take().is_some() {
                slot.due = Some(now);
            }
        }
        if phase == Phase::Dialing && self.state.dialed() {
            self.call_is_unknown(interrupted("the call was being started"));
        }
        if self.state.ingest == Ingest::Starting {
            self.ingest_is_unknown(interrupted("the ingest was being started"));
        }
        // Whatever happened in the meantime: ask now, and take the whole time for cleaning up.
        for ask in [Ask::GetCallInfo, Ask::DescribeIngest] {
            self.state.slot(ask).due = Some(now);
        }
        let allowed = match phase {
            Phase::Ending => Some(pace::CLEAN_UP),
            Phase::AwaitingRecord => Some(pace::RECORD),
            _ => None,
        };
        if let Some(allowed) = allowed {
            self.state.phase_until = Some(pace::after(now, allowed));
        }
        self.advance();
    }

    /// Keeps a webhook until the name is known that it goes by.
    pub(super) fn keep(&mut self, early: Early) {
        if self.early.len() == MAX_EARLY {
            self.early.pop_front();
        }
        self.early.push_back(early);
    }

    pub(super) fn replay_early(&mut self) {
        for early in std::mem::take(&mut self.early) {
            match early {
                Early::Call(event) => self.take_call_webhook(&event),
                Early::Ingest(event) => self.take_ingest_webhook(&event),
            }
        }
    }
}

fn interrupted(what: &str) -> Failure {
    Failure::new(
        "interrupted",
        [what, " when the process stopped: whether it was is unknown"].concat(),
    )
}
