//! What a session tells its user.

use serde::{Deserialize, Serialize};

use crate::stream_ingest::TaskId;
use crate::webhook::MemberState;
use crate::word::word_enum;
use crate::{CallId, CallRecord, Error, UserId, stored};

/// Something that happened in a session.
///
/// Serialised as an object whose `event` is the variant's name in snake case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "event",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum SessionEvent {
    /// The phones ring.
    Ringing {
        /// The call's name.
        #[serde(deserialize_with = "stored::text")]
        call_id: CallId,
    },
    /// Whether the phones ring is unknown. The call is not started again; a webhook may yet name it.
    StartUnknown {
        /// Why it is unknown.
        failure: Failure,
    },
    /// The service did not ring this callee.
    NotRung {
        /// The callee.
        #[serde(deserialize_with = "stored::text")]
        user_id: UserId,
        /// The service's code, which is not 0.
        result_code: i64,
    },
    /// A user got into another state: answered ([`MemberState::InCall`]), refused, hung up, …
    Member {
        /// Who.
        #[serde(deserialize_with = "stored::text")]
        user_id: UserId,
        /// Which.
        state: MemberState,
    },
    /// The ingest's task was started: the media plays into the room.
    Playing {
        /// The task.
        #[serde(deserialize_with = "stored::text")]
        task_id: TaskId,
    },
    /// The service lost the stream and pulls it again.
    IngestRestarting {
        /// The task.
        #[serde(deserialize_with = "stored::text")]
        task_id: TaskId,
    },
    /// The media could not be started, or broke off.
    IngestFailed {
        /// What is known about it.
        failure: Failure,
        /// Whether another attempt follows. If not, the plan says whether the call goes on.
        will_retry: bool,
    },
    /// The media is over.
    MediaEnded {
        /// The task that played it.
        #[serde(deserialize_with = "stored::text")]
        task_id: TaskId,
    },
    /// The call and the ingest are being ended.
    Ending {
        /// Why.
        reason: EndReason,
    },
    /// The session is over. The last event.
    Ended {
        /// What became of everything.
        outcome: Box<Outcome>,
    },
}

/// What became of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Outcome {
    /// Why it ended, as the record tells it where [`Ending`](SessionEvent::Ending) came too early to know.
    pub reason: EndReason,
    /// The call's name, if it ever became known.
    #[serde(default, deserialize_with = "stored::optional")]
    pub call_id: Option<CallId>,
    /// What the service recorded about the call; `None` if there was no call, or no record in time.
    pub record: Option<CallRecord>,
    /// How far each user got who was rung or in the call, without the robot.
    #[serde(deserialize_with = "stored::members")]
    pub members: Vec<(UserId, MemberState)>,
    /// The first thing that failed for good, if anything did.
    pub failure: Option<Failure>,
    /// The call could not be ended for certain: **it may still be up**.
    pub call_may_be_up: bool,
    /// The ingest could not be stopped for certain: **a task may still run** in the plan's room as the robot.
    pub ingest_may_run: bool,
    /// The ingest's last task, if its name ever became known.
    #[serde(default, deserialize_with = "stored::optional")]
    pub task_id: Option<TaskId>,
}

word_enum! {
    /// Why a session ended.
    EndReason {
        /// The service refused the call; [`Outcome::failure`] says why.
        NotStarted = "not_started",
        /// Whether the phones rang never became known.
        OutcomeUnknown = "outcome_unknown",
        /// Nobody answered; [`Outcome::members`] tells what each callee did. The record has confirmed it, if there is
        /// [one](Outcome::record): without it, an answer between two questions can have been missed where no webhooks
        /// are passed on.
        NotAnswered = "not_answered",
        /// It was answered, and everybody hung up or was lost, or the call was ended by somebody else.
        HungUp = "hung_up",
        /// The media is over.
        MediaEnded = "media_ended",
        /// The media could not be played; [`Outcome::failure`] says why.
        MediaFailed = "media_failed",
        /// The plan's longest duration has passed.
        TooLong = "too_long",
        /// [`CallSession::end`](super::CallSession::end) was called.
        Requested = "requested",
    }
}

/// What failed, so that it can be saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Failure {
    /// A stable string for programs: an [`Error::code`], `interrupted` for what was under way when a process
    /// stopped, `no_call_id` for a reply without CallId, or `ingest_failed` for what a webhook reports.
    pub code: String,
    /// The same for people.
    pub message: String,
}

impl Failure {
    /// A failure as it was stored.
    pub fn stored(code: impl Into<String>, message: impl Into<String>) -> Failure {
        Failure {
            code: code.into(),
            message: message.into(),
        }
    }

    pub(crate) fn new(code: &str, message: impl Into<String>) -> Failure {
        Failure {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Failure {
        Failure::new(error.code(), error.to_string())
    }
}
