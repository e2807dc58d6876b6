//! How long a session waits for what. Everything it waits for has an end.

use std::time::Duration;

use super::plan::Options;
use super::state::State;
use super::{Phase, Watch};
use crate::UnixMillis;

/// After that, an unanswered request counts as lost. Far above what clients wait, whose own verdict is
/// the better one.
pub(super) const REPLY: Duration = Duration::from_secs(30);
/// Beyond the ring timeout: the service's own end of the ringing comes first.
pub(super) const RING_GRACE: Duration = Duration::from_secs(15);
/// Before the ringing is ended, the service is asked once more.
pub(super) const LAST_QUESTION: Duration = Duration::from_secs(10);
/// Beyond the ring timeout: how long a call is looked for whose start has no outcome.
pub(super) const SEARCH_GRACE: Duration = Duration::from_secs(30);
/// How long ending the call and the ingest is tried.
pub(super) const CLEAN_UP: Duration = Duration::from_secs(120);
/// From removing the robot to removing it once more: a start that was held up may still arrive in between.
pub(super) const REMOVE_AGAIN: Duration = Duration::from_secs(10);
/// A record is there about 5 s after the call's end.
pub(super) const RECORD_AFTER: Duration = Duration::from_secs(5);
/// How long a record is asked for.
pub(super) const RECORD: Duration = Duration::from_secs(60);
/// How far the service's clock and this one may be apart.
pub(super) const CLOCKS_DIFFER: Duration = Duration::from_secs(300);
/// Between two questions about the task where webhooks should tell, but none has come.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

pub(super) fn after(now: UnixMillis, pause: Duration) -> UnixMillis {
    UnixMillis(now.0.saturating_add(millis(pause)))
}

pub(super) fn before(now: UnixMillis, pause: Duration) -> UnixMillis {
    UnixMillis(now.0.saturating_sub(millis(pause)))
}

fn millis(pause: Duration) -> u64 {
    u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)
}

/// The earlier of two moments, where there is one.
pub(super) fn earlier(one: Option<UnixMillis>, other: Option<UnixMillis>) -> Option<UnixMillis> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (moment, None) | (None, moment) => moment,
    }
}

/// The pause after failure number `tries`: 1 s, 2 s, 4 s, then 8 s each time.
pub(super) fn back_off(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.saturating_sub(1).min(3))
}

/// The pause to the next question about the call or the task; `None` where webhooks alone tell.
pub(super) fn poll(options: &Options, state: &State, webhooks_arrive: bool) -> Option<Duration> {
    let times = match (options.watch, state.phase) {
        (Watch::Webhooks, _) => return None,
        (Watch::Both, _) if webhooks_arrive => 15,
        (_, Phase::Ringing) => 1,
        _ => 3,
    };
    Some((options.poll_interval * times).min(LONGEST_PAUSE.max(options.poll_interval)))
}
