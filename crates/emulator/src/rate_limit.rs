//! 200 requests/s for each command (<https://trtc.io/document/68926>).

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use trtc_call_core::UnixMillis;

const WINDOW: Duration = Duration::from_secs(1);

/// Admits so many requests for each command within any window of one second of emulated time. How the
/// service places its window is not documented; a client that stays within a sliding one stays within
/// every other. Requests that are refused do not count.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_second: usize,
    admitted: BTreeMap<&'static str, VecDeque<UnixMillis>>,
}

impl RateLimit {
    pub(crate) fn new(per_second: u32) -> RateLimit {
        RateLimit {
            per_second: usize::try_from(per_second).unwrap_or(usize::MAX),
            admitted: BTreeMap::new(),
        }
    }

    /// Whether a request for `command` is within the limit `now`.
    pub(crate) fn admit(&mut self, command: &'static str, now: UnixMillis) -> bool {
        let admitted = self.admitted.entry(command).or_default();
        while admitted
            .front()
            .is_some_and(|earlier| earlier.after(WINDOW) <= now)
        {
            admitted.pop_front();
        }
        let is_within = admitted.len() < self.per_second;
        if is_within {
            admitted.push_back(now);
        }
        is_within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides_and_each_command_has_its_own() {
        let mut limit = RateLimit::new(2);
        assert!(limit.admit("a", UnixMillis(0)));
        assert!(limit.admit("a", UnixMillis(900)));
        assert!(!limit.admit("a", UnixMillis(999)));
        assert!(limit.admit("b", UnixMillis(999)));
        assert!(limit.admit("a", UnixMillis(1000)));
        assert!(!limit.admit("a", UnixMillis(1899)));
        assert!(limit.admit("a", UnixMillis(1900)));
    }
}
