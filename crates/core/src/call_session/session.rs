use super::state::{Ask, Ingest, State};
use super::{
    Answer, EndReason, Failure, Outcome, Phase, Plan, Request, SendId, SessionEvent, pace,
};
use crate::call_engine::start_call_by_robot::{self, CalleeResult};
use crate::webhook::{self, ingest::IngestEvent};
use crate::{CallId, TaskId, TransportErrorKind, UnixMillis};

/// The whole job of one call as a state machine: ring, play on answer, hang up, clean up, fetch the record.
///
/// See the [module's documentation](super) for the loop around it and for what it guarantees.
#[derive(Debug, Clone)]
pub struct CallSession {
    pub(super) plan: Plan,
    pub(super) state: State,
    events: Vec<SessionEvent>,
    /// Webhooks that came before the name they go by; they are lost when the process stops.
    pub(super) early: Vec<Early>,
    pub(super) passed: Vec<Phase>,
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

    /// A session of a call that is up already, such as one that a ledger's worker has started: it never rings. The plan's
    /// call is what was sent, `call_id` and `callees` are what the service replied.
    #[must_use]
    pub fn of_started(
        plan: Plan,
        call_id: CallId,
        callees: Vec<CalleeResult>,
        now: UnixMillis,
    ) -> CallSession {
        let mut session = CallSession::new(plan, now);
        // A request that is on its way is not given out again.
        if let Some(Output::Send { id, .. }) = session.poll() {
            let started = start_call_by_robot::Response {
                call_id: Some(call_id),
                callees,
            };
            session.handle_answer(id, &Answer::StartCall(Ok(started)), now);
        }
        session
    }

    pub(super) fn with_state(plan: Plan, state: State) -> CallSession {
        let passed = vec![state.phase];
        CallSession {
            plan,
            state,
            events: Vec::new(),
            early: Vec::new(),
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
            Some(ask) => {
                let answer = match reply {
                    Ok((status, body)) => Answer::read_as(ask, status, body),
                    Err(kind) => Answer::lost(ask, kind),
                };
                self.handle_answer(id, &answer, now);
            }
            None => self.handle_time(now),
        }
    }

    /// A request was answered, or not, by a client that reads replies itself.
    pub fn handle_answer(&mut self, id: SendId, answer: &Answer, now: UnixMillis) {
        self.learn(now, |session| session.take_answer(id, answer));
    }

    /// A webhook about a call came. Those of other calls are left out.
    pub fn handle_call_webhook(&mut self, event: webhook::Event, now: UnixMillis) {
        self.learn(now, |session| session.take_call_webhook(event));
    }

    /// A webhook about an ingest came. Those of other tasks are left out.
    pub fn handle_ingest_webhook(&mut self, event: IngestEvent, now: UnixMillis) {
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
        if !self.events.is_empty() {
            return Some(Output::Event(self.events.remove(0)));
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

    /// When to call [`handle_time`](Self::handle_time), unless something else happens before. Take everything from
    /// [`poll`](Self::poll) first.
    #[must_use]
    pub fn next_wakeup(&self) -> Option<UnixMillis> {
        if self.is_over() {
            return None;
        }
        let mut next = self.state.phase_until;
        for (ask, slot) in self.state.slots.iter() {
            next = match slot.sent_at {
                Some(sent_at) => pace::earlier(next, Some(pace::after(sent_at, pace::REPLY))),
                None if self.state.wants(ask) => pace::earlier(next, slot.due),
                None => next,
            };
        }
        next
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

    /// The call's name, once it is known.
    #[must_use]
    pub fn call_id(&self) -> Option<&CallId> {
        self.state.call_id.as_ref()
    }

    /// The name of the ingest's last task, once it is known.
    #[must_use]
    pub fn task_id(&self) -> Option<&TaskId> {
        self.state.task_id.as_ref()
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
                .map(|member| (member.user_id.clone(), member.state))
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

/// How replies and webhooks get to what they are about.
impl CallSession {
    pub(super) fn tell(&mut self, event: SessionEvent) {
        self.events.push(event);
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

    /// The kind of a request whose reply is still of interest.
    fn asked(&self, id: SendId) -> Option<Ask> {
        let mut slots = self.state.slots.iter();
        let (ask, slot) = slots.find(|(_, slot)| slot.id == id.0)?;
        // What these two started may still be there, however late the reply.
        let starts = matches!(ask, Ask::StartCall | Ask::StartIngest);
        (id.0 != 0 && (starts || slot.sent_at.is_some())).then_some(ask)
    }

    fn take_answer(&mut self, id: SendId, answer: &Answer) {
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
            Answer::EndCall(result) => self.end_call_answered(result),
            Answer::GetRecord(result) => match result {
                Ok(response) => self.record_came(response.record.clone()),
                Err(_) => self.try_again(Ask::GetRecord),
            },
            Answer::StartIngest(result) => self.ingest_answered(result),
            Answer::DescribeIngest(result) => self.describe_answered(result),
            Answer::StopIngest(result) => self.stop_answered(result),
            Answer::RemoveRobot(result) => self.remove_answered(result),
        }
    }

    fn give_up_on_replies(&mut self) {
        for ask in Ask::ALL {
            let slot = *self.state.slot(ask);
            if slot
                .sent_at
                .is_some_and(|sent_at| pace::after(sent_at, pace::REPLY) <= self.state.now)
            {
                let lost = Answer::lost(ask, TransportErrorKind::Timeout);
                self.take_answer(SendId(slot.id), &lost);
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
            self.early.remove(0);
        }
        self.early.push(early);
    }

    pub(super) fn replay_early(&mut self) {
        for early in std::mem::take(&mut self.early) {
            match early {
                Early::Call(event) => self.take_call_webhook(event),
                Early::Ingest(event) => self.take_ingest_webhook(event),
            }
        }
    }
}

fn interrupted(what: &str) -> Failure {
    Failure::new(
        "interrupted",
        format!("{what} when the process stopped: whether it was is unknown"),
    )
}
