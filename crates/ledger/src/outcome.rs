use serde::Serialize;
use trtc_call_core::ring_ledger::{Ring, RingState};

/// What came of [`Ledger::ring_once`](crate::Ledger::ring_once).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RingOnce {
    /// What is known.
    pub verdict: Verdict,
    /// Whether it was known before: **this call has sent nothing**.
    pub repeated: bool,
    /// The ring as it stands in the ledger.
    pub ring: Box<Ring>,
}

/// What is known about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The service has rung.
    Rung,
    /// The service has refused: no phone rang, and none will for this key.
    Refused,
    /// Whether a phone rang is unknown. It is not sent again, and settled by webhooks, records or people.
    Unknown,
    /// Nothing was ever heard of it. It is not sent again.
    PresumedNotRung,
    /// Somebody else is sending it, or a worker will: ask again.
    InProgress,
    /// Surely nothing was sent: the service could not be reached, or took no more rings. Ask again.
    NotSent,
    /// It was taken back before it was sent.
    Cancelled,
    /// The key stands for another call. Nothing was sent.
    KeyReused,
}

impl Verdict {
    /// A stable word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Rung => "rung",
            Verdict::Refused => "refused",
            Verdict::Unknown => "unknown",
            Verdict::PresumedNotRung => "presumed_not_rung",
            Verdict::InProgress => "in_progress",
            Verdict::NotSent => "not_sent",
            Verdict::Cancelled => "cancelled",
            Verdict::KeyReused => "key_reused",
        }
    }

    /// What a state says to who did not just send it.
    pub(crate) fn of_state(state: RingState) -> Verdict {
        match state {
            RingState::Rung => Verdict::Rung,
            RingState::Refused => Verdict::Refused,
            RingState::Unknown => Verdict::Unknown,
            RingState::PresumedNotRung => Verdict::PresumedNotRung,
            RingState::Cancelled => Verdict::Cancelled,
            _ => Verdict::InProgress,
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
