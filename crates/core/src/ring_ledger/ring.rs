//! One ring as it stands in a ledger, and what events make of it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::call::Prepared;
use super::event::NOT_RUNG;
use super::{Evidence, Holder, NewRing, RingEvent, RingKey, RingState, SendResult, StoredCall};
use crate::call_engine::start_call_by_robot::CalleeResult;
use crate::call_session::Failure;
use crate::{CallId, CallRecord, CallResult, JsonText, SdkAppId, UnixMillis, UnixSeconds};

/// One ring: a row of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Ring {
    /// Its number in the store, which counts up; 0 before it is stored.
    pub seq: i64,
    /// The application.
    pub sdk_app_id: SdkAppId,
    /// Its key, of which the application has one.
    pub key: RingKey,
    /// [`fingerprint`](super::fingerprint) of the call it was made for.
    #[serde(skip)]
    pub fingerprint: String,
    /// What is sent.
    pub call: StoredCall,
    /// The room, in JSON: a string or a number.
    pub room: JsonText,
    /// Whether the room is this ring's own, so that a call in it is this ring's call.
    #[serde(skip)]
    pub own_room: bool,
    /// The campaign it belongs to; empty for one of its own.
    pub campaign: String,
    /// Its line in the campaign's file.
    pub line: Option<u64>,
    /// What else the campaign's file says of it: a JSON object.
    pub data: Option<JsonText>,
    /// The callee's time zone, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The key of the first attempt, if this is a further one.
    pub first_key: Option<RingKey>,
    /// From when on workers may take it; `None`: only whoever asks for its key rings it.
    pub not_before: Option<UnixMillis>,
    /// From when on it is too late to ring.
    pub not_after: Option<UnixMillis>,
    /// How far it has got.
    pub state: RingState,
    /// The worker that has it in hand, or had it last.
    pub owner: Option<String>,
    /// How often it was taken.
    pub epoch: u64,
    /// Until when its worker has it in hand.
    pub lease_until: Option<UnixMillis>,
    /// When it is to be sent, or was.
    pub slot: Option<UnixMillis>,
    /// How often it was sent, or was to be, without any effect.
    pub tries: u32,
    /// When it was marked as being sent, the last time.
    pub sent_at: Option<UnixMillis>,
    /// When it got into a final state.
    pub settled_at: Option<UnixMillis>,
    /// The call's name.
    pub call_id: Option<CallId>,
    /// What became of each callee, as the reply told.
    pub callees: Vec<CalleeResult>,
    /// The service's name for the request.
    pub request_id: Option<String>,
    /// What failed last.
    pub failure: Option<Failure>,
    /// By which way its outcome became known.
    pub evidence: Option<Evidence>,
    /// When it is to be looked for among the records.
    pub look_at: Option<UnixMillis>,
    /// Whether its call's end is of interest, so that it is looked for among the records though it rang.
    #[serde(skip)]
    pub watched: bool,
    /// Until when its call counts as up.
    #[serde(skip)]
    pub up_until: Option<UnixMillis>,
    /// How its call ended.
    pub call_result: Option<CallResult>,
    /// When its call was answered, if it was.
    pub answered_at: Option<UnixSeconds>,
    /// The states it was in, the last 20.
    pub history: Vec<Step>,
    /// Counts its changes.
    pub version: u64,
    /// When it was put in.
    pub created_at: UnixMillis,
    /// When it was changed last.
    pub updated_at: UnixMillis,
}

/// A state, and when a ring got into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The state.
    pub state: RingState,
    /// Since when.
    pub at: UnixMillis,
}

/// The most steps that a ring's history keeps.
const HISTORY: usize = 20;

/// From the end of a call until its record is there, and for what is late.
const RECORD_DELAY: Duration = Duration::from_secs(5);

/// How long the service keeps records.
const RECORDS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// The pause after the first search, doubled for each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);

/// A lease ends by the clock. One that ends later than any lease can was given before the clock was set back, and counts
/// as over: what its worker still tells is heard all the same.
const LONGEST_LEASE: Duration = Duration::from_secs(3600);

/// A call whose end nobody tells counts as up for so long after it has rung.
const UP_AT_MOST: Duration = Duration::from_secs(3600);

/// Why an event changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unfit {
    /// The state the ring is in.
    pub state: RingState,
    /// Why.
    pub reason: &'static str,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ring is {}: {}", self.state, self.reason)
    }
}

impl std::error::Error for Unfit {}

impl Ring {
    /// A ring as it is put into a ledger.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, new: NewRing, now: UnixMillis) -> Ring {
        let prepared = Prepared::new(sdk_app_id, &new.key, &new.call);
        let room = JsonText::of(&prepared.room).unwrap_or_else(|_| JsonText::null());
        Ring {
            fingerprint: prepared.fingerprint,
            own_room: prepared.own_room,
            campaign: new.campaign,
            line: new.line,
            data: new.data,
            time_zone: new.time_zone,
            not_before: new.not_before.map(|at| at.max(now)),
            not_after: new.not_after,
            watched: new.watched,
            ..Ring::bare(sdk_app_id, new.key, prepared.call, room, now)
        }
    }

    /// A ring about which nothing else is known: for a store, which fills in what it has.
    #[must_use]
    pub fn bare(
        sdk_app_id: SdkAppId,
        key: RingKey,
        call: StoredCall,
        room: JsonText,
        now: UnixMillis,
    ) -> Ring {
        let state = RingState::Queued;
        Ring {
            seq: 0,
            sdk_app_id,
            key,
            fingerprint: String::new(),
            call,
            room,
            own_room: false,
            campaign: String::new(),
            line: None,
            data: None,
            time_zone: None,
            attempt: 1,
            first_key: None,
            not_before: None,
            not_after: None,
            state,
            owner: None,
            epoch: 0,
            lease_until: None,
            slot: None,
            tries: 0,
            sent_at: None,
            settled_at: None,
            call_id: None,
            callees: Vec::new(),
            request_id: None,
            failure: None,
            evidence: None,
            look_at: None,
            watched: false,
            up_until: None,
            call_result: None,
            answered_at: None,
            history: vec![Step { state, at: now }],
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// The ring after an event.
    ///
    /// # Errors
    /// If the event changes nothing: it comes from who does not have the ring in hand, or too late, or tells nothing
    /// new.
    pub fn apply(&self, event: &RingEvent, now: UnixMillis) -> Result<Ring, Unfit> {
        let mut next = self.clone();
        next.change(event, now)?;
        next.version += 1;
        next.updated_at = now;
        Ok(next)
    }

    /// Who has it in hand, or had it last.
    #[must_use]
    pub fn holder(&self) -> Holder {
        Holder {
            owner: self.owner.clone().unwrap_or_default(),
            epoch: self.epoch,
        }
    }

    fn change(&mut self, event: &RingEvent, now: UnixMillis) -> Result<(), Unfit> {
        match event {
            RingEvent::Taken { owner, slot, lease } => {
                self.need(&[RingState::Queued], "it was to be waiting")?;
                self.owner = Some(owner.clone());
                self.epoch += 1;
                self.slot = Some(*slot);
                self.lease_until = Some(now.after(*lease));
                self.go(RingState::Claimed, now);
            }
            RingEvent::Marked { holder, lease } => {
                self.need_holder(holder)?;
                self.need(&[RingState::Claimed], "it was to be claimed")?;
                if self.lease_is_over(now) {
                    return Err(self.unfit("its lease is over"));
                }
                self.sent_at = Some(now);
                self.lease_until = Some(now.after(*lease));
                self.go(RingState::Sending, now);
            }
            RingEvent::GivenBack { holder } => {
                self.need_holder(holder)?;
                self.need(
                    &[RingState::Claimed],
                    "only what was not marked is given back",
                )?;
                self.lease_until = None;
                self.go(RingState::Queued, now);
            }
            RingEvent::Postponed { until } => {
                self.need(&[RingState::Queued], "it was to be waiting")?;
                // What is due all the same would be taken and put off again without end.
                if *until <= now {
                    return Err(self.unfit("that moment has passed"));
                }
                self.not_before = Some(*until);
            }
            RingEvent::Told { holder, result } => {
                self.need_holder(holder)?;
                self.hear(result, now)?;
            }
            RingEvent::TimePassed => self.pass_time(now)?,
            RingEvent::Found {
                evidence,
                call_id,
                record,
            } => self.find(*evidence, call_id, record.as_deref(), now)?,
            RingEvent::NotFound => self.look_in_vain(now)?,
            RingEvent::SettledByHand { has_rung: true } => {
                let open = [RingState::Unknown, RingState::PresumedNotRung];
                self.need(&open, "only what is unknown is settled")?;
                self.settle(RingState::Rung, Evidence::Hand, now);
            }
            RingEvent::SettledByHand { has_rung: false } => {
                self.need(&[RingState::Unknown], "only what is unknown is settled")?;
                self.settle(RingState::PresumedNotRung, Evidence::Hand, now);
            }
            RingEvent::Cancelled => {
                let unsent = [RingState::Queued, RingState::Claimed];
                self.need(&unsent, "only what was not sent is taken back")?;
                self.cancel(now);
            }
        }
        Ok(())
    }

    /// What its worker tells, be it late: nobody else can have sent it in its epoch.
    fn hear(&mut self, result: &SendResult, now: UnixMillis) -> Result<(), Unfit> {
        let presumed = self.state == RingState::PresumedNotRung;
        match result {
            SendResult::Rang {
                call_id,
                callees,
                request_id,
            } => {
                let sent = [
                    RingState::Sending,
                    RingState::Unknown,
                    RingState::PresumedNotRung,
                    RingState::Rung,
                ];
                self.need(&sent, "it was to be on its way")?;
                self.callees.clone_from(callees);
                self.request_id = Some(request_id.clone());
                self.failure = None;
                if self.call_id.is_none() {
                    self.call_id.clone_from(call_id);
                }
                if self.state != RingState::Rung {
                    self.settle(RingState::Rung, Evidence::Reply, now);
                }
            }
            SendResult::Refused { failure, callees } => {
                self.need_unsettled(presumed)?;
                self.callees.clone_from(callees);
                self.failure = Some(failure.clone());
                self.settle(RingState::Refused, Evidence::Reply, now);
            }
            SendResult::Nothing { failure, after } => {
                self.need_unsettled(false)?;
                self.failure = Some(failure.clone());
                self.tries += 1;
                self.wait_again(*after, now);
            }
            SendResult::Dropped => {
                self.need_unsettled(false)?;
                self.wait_again(Duration::ZERO, now);
            }
            SendResult::Unknown { failure } => {
                self.need(&[RingState::Sending], "it was to be on its way")?;
                self.failure = Some(failure.clone());
                self.lose(now);
            }
        }
        Ok(())
    }

    fn wait_again(&mut self, after: Duration, now: UnixMillis) {
        // Whoever says that nothing was done is not believed against the service's own words.
        if let Some(evidence) = self.evidence {
            return self.settle_as_told(evidence, now);
        }
        self.sent_at = None;
        self.lease_until = None;
        self.look_at = None;
        self.not_before = self.not_before.map(|_| now.after(after));
        self.go(RingState::Queued, now);
    }

    fn pass_time(&mut self, now: UnixMillis) -> Result<(), Unfit> {
        let is_late = self.not_after.is_some_and(|last| last <= now);
        match self.state {
            RingState::Queued | RingState::Claimed if is_late => {
                let message = "its last moment to ring has passed";
                self.failure = Some(Failure::new("too_late", message));
                self.cancel(now);
            }
            RingState::Claimed if self.lease_is_over(now) => {
                self.lease_until = None;
                self.go(RingState::Queued, now);
            }
            RingState::Sending if self.lease_is_over(now) => {
                let message = "its worker was not heard of any more";
                self.failure = Some(Failure::new("interrupted", message));
                self.lose(now);
            }
            _ => return Err(self.unfit("nothing is over")),
        }
        Ok(())
    }

    fn find(
        &mut self,
        evidence: Evidence,
        call_id: &CallId,
        record: Option<&CallRecord>,
        now: UnixMillis,
    ) -> Result<(), Unfit> {
        let is_waiting = matches!(self.state, RingState::Queued | RingState::Claimed);
        let rang_nobody = self.state == RingState::Refused && self.is_not_rung();
        let was_refused = self.state == RingState::Refused && !rang_nobody;
        if is_waiting || was_refused || self.state == RingState::Cancelled {
            return Err(self.unfit("it was to be on its way"));
        }
        let is_told = self.evidence.is_some() && self.state != RingState::PresumedNotRung;
        let tells_end = record.is_some() && self.call_result.is_none();
        if is_told && (self.call_id.is_some() || rang_nobody) && !tells_end {
            return Err(self.unfit("that is known"));
        }
        if is_told && self.call_id.as_ref().is_some_and(|id| id != call_id) {
            return Err(self.unfit("its call is another"));
        }
        self.call_id = Some(call_id.clone());
        if let Some(record) = record {
            self.call_result = Some(record.result.clone());
            self.answered_at = record.accept_time;
            self.up_until = None;
            self.look_at = None;
        }
        match self.state {
            // The reply tells more, whom it rang, and comes soon or never.
            RingState::Sending => self.evidence = Some(evidence),
            RingState::Unknown | RingState::PresumedNotRung => self.settle_as_told(evidence, now),
            _ => {}
        }
        Ok(())
    }

    /// What the service told of its call is all there is to know.
    fn settle_as_told(&mut self, evidence: Evidence, now: UnixMillis) {
        let was_not_reached = self.call_result.as_ref();
        let was_not_reached = was_not_reached.is_some_and(CallResult::was_not_reached);
        // Of several callees, the last was not reached: others may have rung.
        if was_not_reached && self.call.callees().len() == 1 {
            let message = "its callee was busy or offline";
            self.failure = Some(Failure::new(NOT_RUNG, message));
            return self.settle(RingState::Refused, evidence, now);
        }
        self.settle(RingState::Rung, evidence, now);
    }

    /// Whether the service took the call and rang nobody: all callees were busy or offline, say.
    pub(super) fn is_not_rung(&self) -> bool {
        let failure = self.failure.as_ref();
        failure.is_some_and(|failure| failure.code == NOT_RUNG)
    }

    fn look_in_vain(&mut self, now: UnixMillis) -> Result<(), Unfit> {
        let Some(look_at) = self.look_at else {
            return Err(self.unfit("it is not looked for"));
        };
        let sent_at = self.sent_at.unwrap_or(look_at);
        // The last search is one that can still see the whole time in which the call may have begun.
        let last = sent_at.after(RECORDS_KEPT - LONGEST_PAUSE);
        if now >= last {
            self.look_at = None;
            if self.state == RingState::Unknown {
                self.settle(RingState::PresumedNotRung, Evidence::Silence, now);
            }
            return Ok(());
        }
        let since = Duration::from_millis(now.0.saturating_sub(sent_at.0));
        let pause = since.clamp(FIRST_PAUSE, LONGEST_PAUSE);
        self.look_at = Some(now.after(pause).min(last));
        Ok(())
    }

    /// Its outcome is unknown from now on.
    fn lose(&mut self, now: UnixMillis) {
        if let Some(evidence) = self.evidence {
            return self.settle_as_told(evidence, now);
        }
        self.look_at = Some(self.first_look(now));
        self.lease_until = None;
        self.go(RingState::Unknown, now);
    }

    /// A call that nobody answers has a record that much later.
    fn first_look(&self, now: UnixMillis) -> UnixMillis {
        let sent_at = self.sent_at.unwrap_or(now);
        sent_at
            .after(self.call.ring_timeout() + RECORD_DELAY)
            .max(now)
    }

    fn settle(&mut self, state: RingState, evidence: Evidence, now: UnixMillis) {
        self.evidence = Some(evidence);
        self.lease_until = None;
        self.look_at = None;
        if state == RingState::Rung {
            self.failure = None;
        }
        let has_record = state == RingState::Rung || self.is_not_rung();
        if has_record && self.call_result.is_none() {
            let sent_at = self.sent_at.unwrap_or(now);
            let up_until = sent_at.after(UP_AT_MOST);
            self.up_until = (state == RingState::Rung).then_some(up_until);
            self.look_at = self.watched.then(|| self.first_look(now));
        }
        self.go(state, now);
    }

    fn cancel(&mut self, now: UnixMillis) {
        self.lease_until = None;
        self.go(RingState::Cancelled, now);
    }

    fn go(&mut self, next: RingState, now: UnixMillis) {
        debug_assert!(
            self.state.next().any(|(state, _)| state == next),
            "{} -> {next} is not documented",
            self.state
        );
        self.state = next;
        self.settled_at = next.is_final().then_some(now);
        self.history.push(Step {
            state: next,
            at: now,
        });
        let too_many = self.history.len().saturating_sub(HISTORY);
        self.history.drain(..too_many);
    }

    fn lease_is_over(&self, now: UnixMillis) -> bool {
        let until = self.lease_until.unwrap_or_default();
        until <= now || until > now.after(LONGEST_LEASE)
    }

    fn need(&self, states: &[RingState], reason: &'static str) -> Result<(), Unfit> {
        if states.contains(&self.state) {
            return Ok(());
        }
        Err(self.unfit(reason))
    }

    fn need_unsettled(&self, or_presumed: bool) -> Result<(), Unfit> {
        if or_presumed {
            return Ok(());
        }
        let open = [RingState::Sending, RingState::Unknown];
        self.need(&open, "its outcome was to be open")
    }

    fn need_holder(&self, holder: &Holder) -> Result<(), Unfit> {
        if self.owner.as_deref() == Some(holder.owner.as_str()) && self.epoch == holder.epoch {
            return Ok(());
        }
        Err(self.unfit("another has it in hand"))
    }

    fn unfit(&self, reason: &'static str) -> Unfit {
        Unfit {
            state: self.state,
            reason,
        }
    }
}
