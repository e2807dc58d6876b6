use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::sleep;
use trtc_call_core::ring_ledger::Ring;
use trtc_call_core::{SdkAppId, UnixMillis};

use crate::store::Select;
use crate::{Ledger, LedgerError};

/// How long a transaction may take after it has read the clock: what is committed later than that is seen late.
const OVERLAP: Duration = Duration::from_secs(5);

/// Between two looks where nothing was new.
const PAUSE: Duration = Duration::from_millis(200);

const PAGE: usize = 1000;

/// The changes of an application's rings as they are committed, from [`Ledger::changes`].
///
/// Each comes once, in its newest version: a ring that changes twice between two looks is told once.
#[derive(Debug)]
pub struct Changes {
    ledger: Ledger,
    app: SdkAppId,
    since: UnixMillis,
    /// The versions of what was told, of the time that is looked at again.
    told: BTreeMap<i64, (u64, UnixMillis)>,
}

impl Ledger {
    /// Follows the changes of an application's rings from `since` on, whoever makes them.
    #[must_use]
    pub fn changes(&self, app: SdkAppId, since: UnixMillis) -> Changes {
        Changes {
            ledger: self.clone(),
            app,
            since,
            told: BTreeMap::new(),
        }
    }
}

impl Changes {
    /// Waits for the next changes. Dropping the future loses nothing.
    ///
    /// # Errors
    /// If the database fails. It may be asked again.
    pub async fn next(&mut self) -> Result<Vec<Ring>, LedgerError> {
        loop {
            let changed = self.look().await?;
            if !changed.is_empty() {
                return Ok(changed);
            }
            sleep(PAUSE).await;
        }
    }

    /// The changes since the last look, if there are any.
    ///
    /// # Errors
    /// If the database fails. It may be asked again.
    pub async fn look(&mut self) -> Result<Vec<Ring>, LedgerError> {
        let mut from = self.since;
        let mut limit = PAGE;
        loop {
            let select = Select::ChangedSince { since: from, limit };
            let mut rings = self.ledger.store.rings(select, self.app).await?;
            let is_full = rings.len() >= limit;
            let last = rings.last().map(|ring| ring.updated_at);
            rings.retain(|ring| self.is_new(ring));
            if let Some(last) = last {
                if is_full && rings.is_empty() {
                    // All of the page is known. A whole page of one moment takes a larger one.
                    if last == from {
                        limit *= 2;
                    }
                    from = last;
                    continue;
                }
                self.go_on_from(last);
            }
            return Ok(rings);
        }
    }

    fn is_new(&mut self, ring: &Ring) -> bool {
        let told = self.told.insert(ring.seq, (ring.version, ring.updated_at));
        told.is_none_or(|(version, _)| version < ring.version)
    }

    fn go_on_from(&mut self, last: UnixMillis) {
        let overlap = u64::try_from(OVERLAP.as_millis()).unwrap_or(u64::MAX);
        let since = UnixMillis(last.0.saturating_sub(overlap));
        self.since = self.since.max(since);
        let since = self.since;
        self.told.retain(|_, (_, at)| *at >= since);
    }
}
