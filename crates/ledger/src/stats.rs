use serde::Serialize;
use trtc_call_core::ring_ledger::{CampaignState, RingState};
use trtc_call_core::{SdkAppId, UnixMillis};

use crate::store::Value;
use crate::{Ledger, LedgerError};

/// How many rings are in which state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Stats {
    /// All of them.
    pub total: u64,
    /// Those that wait for their turn.
    pub queued: u64,
    /// Those that a worker has taken.
    pub claimed: u64,
    /// Those on their way.
    pub sending: u64,
    /// Those that the service rang.
    pub rung: u64,
    /// Those that it refused.
    pub refused: u64,
    /// Those that may have rung.
    pub unknown: u64,
    /// Those that nothing was ever heard of.
    pub presumed_not_rung: u64,
    /// Those that were taken back.
    pub cancelled: u64,
    /// Of those that rang, those whose call is known to have been answered.
    pub answered: u64,
    /// Of those that rang, those whose call is known to have ended.
    pub ended: u64,
    /// When the next of those that wait is due.
    pub next_due: Option<UnixMillis>,
    /// When the last one was sent, or was about to be.
    pub last_sent: Option<UnixMillis>,
    /// The campaign's state, if it is one.
    pub campaign: Option<CampaignState>,
}

impl Ledger {
    /// Counts the rings of a campaign, or, with an empty name, those that belong to none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn stats(&self, app: SdkAppId, campaign: &str) -> Result<Stats, LedgerError> {
        let values = || vec![Value::app(app), Value::text(campaign)];
        let sql = "SELECT state, count(*), count(answered_at), count(call_result), min(not_before), max(sent_at) \
                   FROM trtc_rings WHERE sdk_app_id = $1 AND campaign = $2 GROUP BY state";
        let counts = self.store.query(sql, values(), |row| {
            let number = |index| row.integer(index).map(Option::unwrap_or_default);
            let state = row.text(0)?.unwrap_or_default();
            let time = |index| {
                let time = row
                    .integer(index)?
                    .and_then(|time| u64::try_from(time).ok());
                Ok::<_, LedgerError>(time.map(UnixMillis))
            };
            let counts = [number(1)?, number(2)?, number(3)?];
            Ok((state, counts, time(4)?, time(5)?))
        });
        let mut stats = Stats::default();
        for (state, counts, due, sent) in counts.await? {
            let [count, answered, ended] = counts.map(|count| u64::try_from(count).unwrap_or(0));
            stats.total += count;
            stats.last_sent = stats.last_sent.max(sent);
            match RingState::of_word(&state) {
                Some(RingState::Queued) => {
                    stats.queued = count;
                    stats.next_due = due;
                }
                Some(RingState::Claimed) => stats.claimed = count,
                Some(RingState::Sending) => stats.sending = count,
                Some(RingState::Rung) => {
                    stats.rung = count;
                    stats.answered = answered;
                    stats.ended = ended;
                }
                Some(RingState::Refused) => stats.refused = count,
                Some(RingState::Unknown) => stats.unknown = count,
                Some(RingState::PresumedNotRung) => stats.presumed_not_rung = count,
                Some(RingState::Cancelled) => stats.cancelled = count,
                _ => {}
            }
        }
        stats.campaign = self
            .campaign(app, campaign)
            .await?
            .map(|campaign| campaign.state);
        Ok(stats)
    }
}
