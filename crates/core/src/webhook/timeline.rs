use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{CallEnded, CallStarted, Event, MemberAction, MembersChanged};
use crate::call_engine::get_call_info::{Member, MemberStatus};
use crate::word::word_enum;
use crate::{
    CallId, CallRecord, CallResult, CallType, MediaType, ReportedRoom, UnixMillis, UserId, stored,
};

/// One call, put together from its webhooks: deliveries may repeat and come in any order.
///
/// Events are ordered by `EventTime`; the start of a call comes before and its end after everything
/// else, whatever their times say. Those of one time are taken in the order in which they arrived, and what their
/// `ChangedUserList`s say of somebody holds against their lists of members, which may be of a moment before. So the
/// same set of deliveries always gives the same state, unless somebody did two things within one millisecond.
///
/// Every delivery is kept: drop the timeline when you are done with the call.
///
/// ```
/// # use trtc_call_core::call_engine::get_call_info::{Member, MemberStatus};
/// # use trtc_call_core::webhook::{CallEnded, CallPhase, CallStarted, CallTimeline, MemberState};
/// # use trtc_call_core::{CallId, CallRecord, CallResult, MediaType, UnixMillis, UnixSeconds, UserId};
/// # let (call, robot, jack) = (CallId::new("c")?, UserId::new("robot")?, UserId::new("jack")?);
/// # let member = Member::new(jack.clone(), MemberStatus::Waiting);
/// # let started = CallStarted::new(call.clone(), MediaType::Audio, vec![member], UnixMillis(1_000));
/// # let members = vec![robot.clone(), jack.clone()];
/// # let record = CallRecord::new(call.clone(), robot, members, CallResult::Reject, UnixSeconds(1), UnixSeconds(3));
/// # let ended = CallEnded::new(record, UnixMillis(3_000));
/// let mut timeline = CallTimeline::new(call);
/// timeline.add(ended.into()); // arrives first
/// timeline.add(started.into());
/// let state = timeline.state();
/// assert_eq!(state.phase, CallPhase::Ended);
/// assert_eq!(state.members[&jack], MemberState::Rejected);
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallTimeline {
    /// By rank, time and arrival.
    events: Vec<Event>,
    /// What comes of playing them in order.
    played: Replay,
    /// What came of the first of them, of twice as many, and so on, each time [`SNAPSHOT_EVERY`]: a late event is seldom
    /// late by much.
    snapshots: Vec<Replay>,
}

const SNAPSHOT_EVERY: usize = 32;

/// What became of an event that was added to a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Added {
    /// It tells something new.
    New,
    /// It was there already.
    Duplicate,
    /// It is about another call, or about none, and was left out.
    OtherCall,
}

/// What is known about a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallState {
    /// The call's name.
    #[serde(deserialize_with = "stored::text")]
    pub call_id: CallId,
    /// How far it has got.
    pub phase: CallPhase,
    /// Audio or video, once known.
    #[serde(default, deserialize_with = "stored::optional")]
    pub media_type: Option<MediaType>,
    /// The room, if it has one and it is known.
    pub room: Option<ReportedRoom>,
    /// How far each user has got who ever was rung or in the call, the caller included.
    #[serde(deserialize_with = "stored::members_by_name")]
    pub members: BTreeMap<UserId, MemberState>,
    /// When the call was started.
    pub started_at: Option<UnixMillis>,
    /// When it was answered, if it was.
    pub answered_at: Option<UnixMillis>,
    /// When it ended, if it has.
    pub ended_at: Option<UnixMillis>,
    /// What became of it, once it has ended.
    pub record: Option<CallRecord>,
}

word_enum! {
    /// How far a call has got.
    CallPhase {
        /// Nothing is known yet.
        Unknown = "unknown",
        /// Phones ring, and nobody has answered.
        Ringing = "ringing",
        /// Somebody has answered.
        Answered = "answered",
        /// It is over.
        Ended = "ended",
    }
}

word_enum! {
    /// How far a user has got in a call.
    MemberState {
        /// Being rung.
        Ringing = "ringing",
        /// In the call.
        InCall = "in_call",
        /// Refused.
        Rejected = "rejected",
        /// Let the phone ring until the timeout.
        NotAnswered = "not_answered",
        /// Was in another call.
        Busy = "busy",
        /// Was in the call and hung up.
        HungUp = "hung_up",
        /// Could not be reached, or was lost.
        Offline = "offline",
        /// Was being rung when the invitation was taken back, or the caller gave up.
        Cancelled = "cancelled",
        /// Was in the call, or being rung, until the call ended.
        Ended = "ended",
        /// Is no longer in the call; the delivery that says why has not come.
        Left = "left",
    }
}

/// One step of a call's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The `EventTime` of the delivery that tells it.
    pub at: UnixMillis,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
}

/// What happened in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "happening",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Happening {
    /// The call was started.
    Started,
    /// A user got into another state.
    Member {
        /// Who.
        #[serde(deserialize_with = "stored::text")]
        user_id: UserId,
        /// Which.
        state: MemberState,
    },
    /// A user did something this library does not know.
    UnknownAction {
        /// Who.
        #[serde(deserialize_with = "stored::text")]
        user_id: UserId,
        /// The service's word.
        action: String,
    },
    /// The call ended.
    Ended {
        /// How.
        result: CallResult,
    },
}

/// Where an event belongs among the others.
type Place = (Rank, UnixMillis);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Start,
    Middle,
    End,
}

impl CallTimeline {
    /// A call of which nothing is known but the name.
    #[must_use]
    pub fn new(call_id: impl Into<CallId>) -> CallTimeline {
        CallTimeline {
            events: Vec::new(),
            played: Replay::new(call_id.into()),
            snapshots: Vec::new(),
        }
    }

    /// The call's name.
    #[must_use]
    pub fn call_id(&self) -> &CallId {
        &self.played.state.call_id
    }

    /// Takes in what a delivery tells. What comes in order costs as much as it tells; what comes late has all that
    /// comes after it put together again.
    pub fn add(&mut self, event: Event) -> Added {
        let Some(place) = place_of(&event) else {
            return Added::OtherCall;
        };
        if event.call_id() != Some(self.call_id()) {
            return Added::OtherCall;
        }
        let (earlier, not_later) = (
            self.events
                .partition_point(|known| place_of(known) < Some(place)),
            self.events
                .partition_point(|known| place_of(known) <= Some(place)),
        );
        let mut of_that_time = self.events.iter().take(not_later).skip(earlier);
        if of_that_time.any(|known| *known == event) {
            return Added::Duplicate;
        }
        self.events.insert(not_later, event);
        self.play_from(not_later);
        Added::New
    }

    /// Plays the event with this index and all after it.
    fn play_from(&mut self, index: usize) {
        let is_late = index + 1 < self.events.len();
        let begin = if is_late { self.rewind(index) } else { index };
        for (count, event) in (begin + 1..).zip(self.events.iter().skip(begin)) {
            self.played.play(event);
            if count.is_multiple_of(SNAPSHOT_EVERY) {
                self.snapshots.push(self.played.clone());
            }
        }
    }

    /// Goes back to the last snapshot before the event with this index, and gives how many have been played by then.
    fn rewind(&mut self, index: usize) -> usize {
        self.snapshots.truncate(index / SNAPSHOT_EVERY);
        let snapshot = self.snapshots.last().cloned();
        self.played = snapshot.unwrap_or_else(|| Replay::new(self.call_id().clone()));
        self.snapshots.len() * SNAPSHOT_EVERY
    }

    /// The events, without repeats, in the order in which they happened.
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter()
    }

    /// What is known about the call now. Where deliveries are missing, what follows from the others is
    /// filled in: a later list of members shows who has left.
    #[must_use]
    pub fn state(&self) -> &CallState {
        &self.played.state
    }

    /// What happened, oldest first.
    #[must_use]
    pub fn history(&self) -> &[HistoryEntry] {
        &self.played.history
    }
}

/// `None` for what is about no call.
fn place_of(event: &Event) -> Option<Place> {
    Some(match event {
        Event::CallStarted(started) => (Rank::Start, started.event_time),
        Event::MembersChanged(changed) => (Rank::Middle, changed.event_time),
        Event::CallEnded(ended) => (Rank::End, ended.event_time),
        Event::Unknown(_) => return None,
    })
}

/// The events played in order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Replay {
    state: CallState,
    history: Vec<HistoryEntry>,
    at: UnixMillis,
    /// Of whom something was told at that time, other than by a list of members.
    told: BTreeSet<UserId>,
}

impl Replay {
    fn new(call_id: CallId) -> Replay {
        Replay {
            state: CallState {
                call_id,
                phase: CallPhase::Unknown,
                media_type: None,
                room: None,
                members: BTreeMap::new(),
                started_at: None,
                answered_at: None,
                ended_at: None,
                record: None,
            },
            history: Vec::new(),
            at: UnixMillis(0),
            told: BTreeSet::new(),
        }
    }

    fn play(&mut self, event: &Event) {
        match event {
            Event::CallStarted(started) => self.start(started),
            Event::MembersChanged(changed) => self.change(changed),
            Event::CallEnded(ended) => self.end(ended),
            Event::Unknown(_) => {}
        }
    }

    fn start(&mut self, started: &CallStarted) {
        self.at = started.event_time;
        // A start that differs from an earlier one adds to it; the call has been started once.
        if self.state.started_at.is_none() {
            self.state.started_at = Some(started.event_time);
            self.note(Happening::Started);
        }
        self.state.media_type = Some(started.media_type.clone());
        self.learn_room(started.room.as_ref());
        self.list(&started.members);
    }

    fn change(&mut self, changed: &MembersChanged) {
        if self.at != changed.event_time {
            self.told.clear();
        }
        self.at = changed.event_time;
        let known = changed.changes.iter();
        let known = known.filter(|change| state_after(&change.action).is_some());
        self.told.extend(known.map(|change| change.user_id.clone()));
        self.list(&changed.members);
        for change in &changed.changes {
            let Some(state) = state_after(&change.action) else {
                self.note(Happening::UnknownAction {
                    user_id: change.user_id.clone(),
                    action: change.action.as_str().to_owned(),
                });
                continue;
            };
            // Who answers or joins is with somebody, even where the other's delivery is missing.
            if state == MemberState::InCall {
                self.state.answered_at.get_or_insert(self.at);
            }
            self.set(&change.user_id, state);
        }
        self.look_for_an_answer();
    }

    fn end(&mut self, ended: &CallEnded) {
        let record = &ended.record;
        self.at = ended.event_time;
        self.state.media_type = Some(record.media_type.clone());
        self.learn_room(record.room.as_ref());
        let started_at = UnixMillis(record.start_time.0.saturating_mul(1000));
        self.state.started_at.get_or_insert(started_at);
        if let Some(accepted) = record.accept_time {
            let accepted = UnixMillis(accepted.0.saturating_mul(1000));
            self.state.answered_at.get_or_insert(accepted);
        }
        for user in record.members.iter().chain([&record.caller]) {
            let state = self.state.members.get(user).copied();
            let is_caller = *user == record.caller;
            let last = match state {
                None | Some(MemberState::Ringing) if !is_caller => last_state(record),
                None | Some(MemberState::InCall | MemberState::Ringing) => MemberState::Ended,
                Some(_) => continue,
            };
            self.set(user, last);
        }
        // Who is not in the record was not there at the end either.
        for user in self.active_members(|_| true) {
            self.set(&user, MemberState::Ended);
        }
        self.state.phase = CallPhase::Ended;
        self.state.ended_at = Some(ended.event_time);
        self.state.record = Some(record.clone());
        self.note(Happening::Ended {
            result: record.result.clone(),
        });
    }

    /// A list of members as of now. Who was active and is not on it has left. Those of whom something was told are
    /// set by that instead.
    fn list(&mut self, members: &[Member]) {
        for Member { user_id, status } in members {
            if self.told.contains(user_id) {
                continue;
            }
            match status {
                MemberStatus::Calling => self.set(user_id, MemberState::InCall),
                MemberStatus::Waiting => self.set(user_id, MemberState::Ringing),
                // A word this library does not know changes nothing.
                MemberStatus::Unknown(_) => {}
            }
        }
        let listed: BTreeSet<&UserId> = members.iter().map(|member| &member.user_id).collect();
        let is_here = |user: &UserId| listed.contains(user) || self.told.contains(user);
        for user in self.active_members(|user| !is_here(user)) {
            self.set(&user, MemberState::Left);
        }
        self.look_for_an_answer();
    }

    /// Which room it is does not change: one that can be told stays when a later delivery's cannot.
    fn learn_room(&mut self, reported: Option<&ReportedRoom>) {
        let is_known = |room: Option<&ReportedRoom>| room.and_then(ReportedRoom::known).is_some();
        if is_known(reported) || !is_known(self.state.room.as_ref()) {
            self.state.room = reported.cloned().or(self.state.room.take());
        }
    }

    fn active_members(&self, which: impl Fn(&UserId) -> bool) -> Vec<UserId> {
        let members = self.state.members.iter();
        let active = members.filter(|(user, state)| is_active(state) && which(user));
        active.map(|(user, _)| user.clone()).collect()
    }

    /// A call is answered when two are in it: the caller and somebody else.
    fn look_for_an_answer(&mut self) {
        let in_call = self.state.members.values();
        if in_call
            .filter(|state| **state == MemberState::InCall)
            .count()
            >= 2
        {
            self.state.answered_at.get_or_insert(self.at);
        }
        self.state.phase = if self.state.answered_at.is_some() {
            CallPhase::Answered
        } else {
            CallPhase::Ringing
        };
    }

    fn set(&mut self, user: &UserId, state: MemberState) {
        if self.state.members.get(user) == Some(&state) {
            return;
        }
        self.state.members.insert(user.clone(), state);
        let user_id = user.clone();
        self.note(Happening::Member { user_id, state });
    }

    fn note(&mut self, happening: Happening) {
        self.history.push(HistoryEntry {
            at: self.at,
            happening,
        });
    }
}

fn is_active(state: &MemberState) -> bool {
    matches!(state, MemberState::Ringing | MemberState::InCall)
}

/// How far a member has got who did that, where this library knows it.
pub(crate) fn state_after(action: &MemberAction) -> Option<MemberState> {
    Some(match action {
        MemberAction::Answer | MemberAction::Join => MemberState::InCall,
        MemberAction::Reject => MemberState::Rejected,
        MemberAction::NotAnswer => MemberState::NotAnswered,
        MemberAction::HangUp => MemberState::HungUp,
        MemberAction::Offline => MemberState::Offline,
        MemberAction::Invite => MemberState::Ringing,
        MemberAction::CancelInvite => MemberState::Cancelled,
        MemberAction::Unknown(_) => return None,
    })
}

/// What a callee did last of whom no delivery tells: in a 1-to-1 call the result says it.
pub(crate) fn last_state(record: &CallRecord) -> MemberState {
    match (&record.result, &record.call_type) {
        (CallResult::Cancel, _) => MemberState::Cancelled,
        (CallResult::Reject, CallType::SingleCall) => MemberState::Rejected,
        (CallResult::NotAnswer, CallType::SingleCall) => MemberState::NotAnswered,
        (CallResult::CallBusy, CallType::SingleCall) => MemberState::Busy,
        (CallResult::Offline, CallType::SingleCall) => MemberState::Offline,
        _ => MemberState::Ended,
    }
}
