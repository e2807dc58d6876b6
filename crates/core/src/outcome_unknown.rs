use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, RoomId, UnixSeconds, UserId, described_cause, stored};

/// Who rings whom, where: what is needed to find a call whose CallId never arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RingAttempt {
    /// The caller.
    #[serde(deserialize_with = "stored::text")]
    pub robot: UserId,
    /// The callees.
    #[serde(deserialize_with = "stored::list")]
    pub callees: Vec<UserId>,
    /// The room, if the request named one.
    pub room: Option<RoomId>,
}

impl RingAttempt {
    pub(crate) fn new(robot: UserId, callees: Vec<UserId>, room: Option<RoomId>) -> RingAttempt {
        RingAttempt {
            robot,
            callees,
            room,
        }
    }
}

/// A call was sent, and whether it rings is unknown: **the phone may have rung**. It was not sent again,
/// since that could ring the phone twice.
///
/// To find out: a webhook for this robot, these callees and this room tells of the call; so does its
/// record, about 5 s after the call's end, among those that start between
/// [`sent_at`](Self::sent_at) and [`failed_at`](Self::failed_at) plus the ring timeout.
///
/// As JSON it is `attempt`, `sentAt`, `failedAt` and `cause`, an [`ErrorDescription`](crate::ErrorDescription): what an
/// error of this kind has besides in the command's output and in the npm package. What was stored is read back; of the
/// cause, the HTTP client's own error is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OutcomeUnknown {
    /// Whom the call was to ring.
    pub attempt: RingAttempt,
    /// When the request was sent.
    pub sent_at: UnixSeconds,
    /// When it failed.
    pub failed_at: UnixSeconds,
    /// Why the outcome is unknown.
    #[serde(with = "described_cause")]
    pub cause: Error,
}

/// `robot to jack, jane in room lobby`
impl fmt::Display for RingAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to ", self.robot)?;
        for (index, callee) in self.callees.iter().enumerate() {
            write!(f, "{}{callee}", if index == 0 { "" } else { ", " })?;
        }
        match &self.room {
            Some(room) => write!(f, " in room {room}"),
            None => Ok(()),
        }
    }
}

impl OutcomeUnknown {
    /// Wraps the failure of a call that was sent at `sent_at` and failed at `failed_at`.
    #[must_use]
    pub fn new(
        attempt: RingAttempt,
        sent_at: UnixSeconds,
        failed_at: UnixSeconds,
        cause: Error,
    ) -> OutcomeUnknown {
        OutcomeUnknown {
            attempt,
            sent_at,
            failed_at,
            cause,
        }
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the call from {} may have rung, and was not sent again: {}; look for it in the webhooks, or in the \
             records of calls that start from Unix second {} on",
            self.attempt, self.cause, self.sent_at
        )
    }
}

/// Its text tells the [`cause`](OutcomeUnknown::cause), which is therefore no source.
impl std::error::Error for OutcomeUnknown {}
