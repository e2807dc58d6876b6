use serde::Serialize;
use trtc_call_core::ring_ledger::{Ring, Verdict};

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
