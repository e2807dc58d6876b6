//! Further attempts, which the transaction puts in that ends the attempt before: none is lost, whoever dies.

use std::collections::BTreeMap;

use trtc_call_core::UnixMillis;
use trtc_call_core::ring_ledger::{Policy, Ring, RingState};

use super::{Changes, Row};
use crate::LedgerError;

/// The policies of campaigns that are not cancelled. What is cancelled while they are read waits for what is put in.
pub(super) fn policies_sql(is_any: fn(usize) -> String, lock: &str) -> String {
    format!(
        "SELECT name, policy FROM trtc_ring_campaigns WHERE sdk_app_id = $1 AND name {} AND state <> 'cancelled'{lock}",
        is_any(2)
    )
}

pub(super) fn read_policy(row: &dyn Row) -> Result<(String, Policy), LedgerError> {
    let name = row.text(0)?.unwrap_or_default();
    let policy = Policy::read(&row.text(1)?.unwrap_or_default())?;
    Ok((name, policy))
}

/// The campaigns of rings after which there may be a further attempt.
pub(super) fn campaigns(changes: &Changes) -> Vec<String> {
    let may_follow = |ring: &&Ring| matches!(ring.state, RingState::Rung | RingState::Refused);
    let ended = changes.update.iter().filter(may_follow);
    let mut names: Vec<String> = ended.map(|ring| ring.campaign.clone()).collect();
    names.retain(|name| !name.is_empty());
    names.sort_unstable();
    names.dedup();
    names
}

/// Each has a key of its own, so that one that is there is not put in again.
pub(super) fn put_in(
    changes: &mut Changes,
    policies: impl IntoIterator<Item = (String, Policy)>,
    now: UnixMillis,
) {
    let policies: BTreeMap<String, Policy> = policies.into_iter().collect();
    let next = changes
        .update
        .iter()
        .filter_map(|ring| policies.get(&ring.campaign)?.next_attempt(ring, now));
    changes.insert.extend(next);
}
