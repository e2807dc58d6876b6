//! Everything a session knows, flat, so that it can be saved as it is.

use serde::{Deserialize, Serialize};

use super::{EndReason, Failure, Phase, saved};
use crate::stream_ingest::TaskId;
use crate::webhook::MemberState;
use crate::wire;
use crate::{CallId, CallRecord, UnixMillis, UserId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct State {
    pub(super) phase: Phase,
    /// When the phase ends at the latest.
    pub(super) phase_until: Option<UnixMillis>,
    /// The latest time that was handed in.
    pub(super) now: UnixMillis,
    /// Counts what is sent and what is learnt: what has the higher number is the newer.
    pub(super) step: u64,
    #[serde(deserialize_with = "wire::optional")]
    pub(super) call_id: Option<CallId>,
    /// A call that a webhook names, while the reply is awaited.
    #[serde(deserialize_with = "wire::optional")]
    pub(super) candidate: Option<CallId>,
    /// When the call was sent.
    pub(super) dialed_at: UnixMillis,
    /// The call's end was told by the service: by a webhook, or in answer to `end_call`.
    pub(super) call_is_gone: bool,
    pub(super) members: Vec<MemberRecord>,
    pub(super) call_webhooks_arrive: bool,
    pub(super) ingest: Ingest,
    #[serde(deserialize_with = "wire::optional")]
    pub(super) task_id: Option<TaskId>,
    /// `EventMsTs` of the newest webhook about the task.
    pub(super) task_event_time: u64,
    pub(super) ingest_webhooks_arrive: bool,
    /// How often the robot is still to be removed from the room.
    pub(super) removals_left: u32,
    pub(super) end: Option<EndReason>,
    pub(super) failure: Option<Failure>,
    #[serde(with = "saved::record")]
    pub(super) record: Option<CallRecord>,
    pub(super) slots: Slots,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MemberRecord {
    #[serde(deserialize_with = "wire::text")]
    pub(super) user_id: UserId,
    pub(super) state: MemberState,
    /// `EventTime` of the newest webhook that told of the user.
    pub(super) event_time: u64,
    /// When it was learnt, as a [`State::step`].
    pub(super) step: u64,
}

/// How far the ingest has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ingest {
    /// No task was started, or none is there any more for certain.
    None,
    /// It is to be started as soon as the pause after the last attempt is over.
    Wanted,
    /// Its start was sent.
    Starting,
    /// Whether it was started is unknown: the robot is removed from the room to make sure.
    Unsure,
    /// The task runs.
    Running,
    /// The task is to be stopped.
    Stopping,
}

impl Ingest {
    /// Whether a task may be there that nobody has ended.
    pub(super) fn may_run(self) -> bool {
        !matches!(self, Ingest::None | Ingest::Wanted)
    }
}

/// The requests a session sends; one of each kind is under way at most. In the order of their urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    StopIngest,
    RemoveRobot,
    EndCall,
    StartCall,
    StartIngest,
    GetCallInfo,
    DescribeIngest,
    GetRecord,
}

impl Ask {
    pub(super) const ALL: [Ask; 8] = [
        Ask::StopIngest,
        Ask::RemoveRobot,
        Ask::EndCall,
        Ask::StartCall,
        Ask::StartIngest,
        Ask::GetCallInfo,
        Ask::DescribeIngest,
        Ask::GetRecord,
    ];
}

/// What is known about one kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Slot {
    /// The earliest time to send it, where it is wanted; `None`: not before something happens.
    pub(super) due: Option<UnixMillis>,
    /// The number of the last one sent, a [`State::step`]; 0 if none was.
    pub(super) id: u64,
    /// Since when its reply is awaited.
    pub(super) sent_at: Option<UnixMillis>,
    /// How often it was sent, or has failed in a row.
    pub(super) tries: u32,
}

/// What is known about each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Slots {
    stop_ingest: Slot,
    remove_robot: Slot,
    end_call: Slot,
    start_call: Slot,
    start_ingest: Slot,
    get_call_info: Slot,
    describe_ingest: Slot,
    get_record: Slot,
}

impl Slots {
    pub(super) fn of(&self, ask: Ask) -> &Slot {
        match ask {
            Ask::StopIngest => &self.stop_ingest,
            Ask::RemoveRobot => &self.remove_robot,
            Ask::EndCall => &self.end_call,
            Ask::StartCall => &self.start_call,
            Ask::StartIngest => &self.start_ingest,
            Ask::GetCallInfo => &self.get_call_info,
            Ask::DescribeIngest => &self.describe_ingest,
            Ask::GetRecord => &self.get_record,
        }
    }

    fn of_mut(&mut self, ask: Ask) -> &mut Slot {
        match ask {
            Ask::StopIngest => &mut self.stop_ingest,
            Ask::RemoveRobot => &mut self.remove_robot,
            Ask::EndCall => &mut self.end_call,
            Ask::StartCall => &mut self.start_call,
            Ask::StartIngest => &mut self.start_ingest,
            Ask::GetCallInfo => &mut self.get_call_info,
            Ask::DescribeIngest => &mut self.describe_ingest,
            Ask::GetRecord => &mut self.get_record,
        }
    }

    /// Each kind, in the order of its urgency.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Ask, &Slot)> {
        Ask::ALL.into_iter().map(|ask| (ask, self.of(ask)))
    }
}

impl State {
    pub(super) fn new(now: UnixMillis) -> State {
        let mut state = State {
            phase: Phase::Dialing,
            phase_until: None,
            now,
            step: 0,
            call_id: None,
            candidate: None,
            dialed_at: now,
            call_is_gone: false,
            members: Vec::new(),
            call_webhooks_arrive: false,
            ingest: Ingest::None,
            task_id: None,
            task_event_time: 0,
            ingest_webhooks_arrive: false,
            removals_left: 0,
            end: None,
            failure: None,
            record: None,
            slots: Slots::default(),
        };
        state.slot(Ask::StartCall).due = Some(now);
        state
    }

    pub(super) fn slot(&mut self, ask: Ask) -> &mut Slot {
        self.slots.of_mut(ask)
    }

    /// The next number of [`step`](Self::step).
    pub(super) fn next_step(&mut self) -> u64 {
        self.step += 1;
        self.step
    }

    /// Whether a request of that kind serves a purpose now.
    pub(super) fn wants(&self, ask: Ask) -> bool {
        if self.phase == Phase::Over {
            return false;
        }
        match ask {
            Ask::StartCall => self.phase == Phase::Dialing && !self.dialed(),
            Ask::GetCallInfo => self.phase.is_call_up(),
            Ask::StartIngest => self.ingest == Ingest::Wanted,
            Ask::DescribeIngest => self.ingest == Ingest::Running,
            Ask::StopIngest => self.ingest == Ingest::Stopping,
            Ask::RemoveRobot => self.ingest == Ingest::Unsure,
            Ask::EndCall => self.is_cleaning_up() && !self.call_is_gone,
            Ask::GetRecord => self.phase == Phase::AwaitingRecord && self.record.is_none(),
        }
    }

    /// Whether the call was sent, or was about to be.
    pub(super) fn dialed(&self) -> bool {
        self.slots.of(Ask::StartCall).id != 0
    }

    /// What could not be ended in time is still tried while the record is awaited.
    fn is_cleaning_up(&self) -> bool {
        matches!(self.phase, Phase::Ending | Phase::AwaitingRecord)
    }

    pub(super) fn has_active_member(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| matches!(member.state, MemberState::Ringing | MemberState::InCall))
    }

    pub(super) fn has_answered_member(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.state == MemberState::InCall)
    }
}
