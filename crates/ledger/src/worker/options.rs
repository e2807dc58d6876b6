use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use trtc_call_core::ring_ledger::{Ring, RingState};

use super::{CLAIM_LEASE, REPLY_LEASE};
use crate::LedgerError;

/// What a worker works on, and how.
#[derive(Clone)]
#[non_exhaustive]
pub struct WorkerOptions {
    /// The campaign whose rings it takes; empty: those that belong to none.
    pub campaign: String,
    /// How many rings it takes at a time. Default 50.
    pub batch: usize,
    /// How many rings it has on their way at the same time. Default 1000.
    pub in_flight: usize,
    /// How long it has rings in hand before they are marked as being sent; then they go back. Default 10 s.
    pub lease: Duration,
    /// How long it waits for a reply before anybody may call the outcome unknown: longer than the client's timeout.
    /// Default 30 s.
    pub reply_lease: Duration,
    /// Whether it ends when every ring is final, or waits for something other than a worker. Default `true`; `false`:
    /// it goes on until it is stopped.
    pub until_done: bool,
    /// Whether it searches the service's records for rings that are unknown, and for the ends of calls that are of
    /// interest. Default `true`.
    pub sweep: bool,
    /// Is told what the worker does.
    pub notify: Option<Notify>,
}

/// Somebody who is told what a worker does. It must not block.
pub type Notify = Arc<dyn Fn(&WorkerEvent) + Send + Sync>;

impl WorkerOptions {
    /// A worker on a campaign's rings, or, with an empty name, on those that belong to none.
    #[must_use]
    pub fn new(campaign: impl Into<String>) -> WorkerOptions {
        WorkerOptions {
            campaign: campaign.into(),
            batch: 50,
            in_flight: 1000,
            lease: CLAIM_LEASE,
            reply_lease: REPLY_LEASE,
            until_done: true,
            sweep: true,
            notify: None,
        }
    }

    /// Tells what the worker does.
    #[must_use]
    pub fn notify(
        mut self,
        notify: impl Fn(&WorkerEvent) + Send + Sync + 'static,
    ) -> WorkerOptions {
        self.notify = Some(Arc::new(notify));
        self
    }

    pub(super) fn tell(&self, event: &WorkerEvent) {
        if let Some(notify) = &self.notify {
            notify(event);
        }
    }
}

impl fmt::Debug for WorkerOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkerOptions")
            .field("campaign", &self.campaign)
            .field("batch", &self.batch)
            .field("in_flight", &self.in_flight)
            .field("until_done", &self.until_done)
            .field("sweep", &self.sweep)
            .finish_non_exhaustive()
    }
}

/// What a worker does.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WorkerEvent {
    /// It has taken rings.
    Took {
        /// How many.
        rings: usize,
    },
    /// It has sent a ring, or dropped it, and written what became of it.
    Told {
        /// The ring as it is now.
        ring: Box<Ring>,
    },
    /// The database is gone or busy, and it waits.
    Waiting {
        /// What failed.
        error: LedgerError,
    },
}

/// What a worker has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RunReport {
    /// Rings that the service rang.
    pub rung: u64,
    /// Rings that it refused.
    pub refused: u64,
    /// Rings whose outcome it left unknown.
    pub unknown: u64,
    /// Attempts after which a ring was queued again, for surely nothing was done.
    pub again: u64,
    /// Unknown rings that it has settled by the service's records.
    pub settled: u64,
}

impl RunReport {
    pub(super) fn count(&mut self, state: RingState) {
        match state {
            RingState::Rung => self.rung += 1,
            RingState::Refused => self.refused += 1,
            RingState::Unknown => self.unknown += 1,
            _ => self.again += 1,
        }
    }
}
