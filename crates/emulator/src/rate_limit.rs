//! 200 requests/s for each command (<https://trtc.io/document/68926>).

use std::time::Duration;

use crate::UnixMillis;

const WINDOW: Duration = Duration::from_secs(1);

/// Admits so many requests for each command within any window of one second of emulated time. How the
/// service places its window is not documented; a client that stays within a sliding one stays within
/// every other. Requests that are refused do not count.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_second: usize,
    /// When requests for each command were admitted, in order.
    admitted: Vec<(&'static str, Vec<UnixMillis>)>,
}

impl RateLimit {
    pub(crate) fn new(per_second: u32) -> RateLimit {
        RateLimit {
            per_second: usize::try_from(per_second).unwrap_or(usize::MAX),
            admitted: Vec::new(),
        }
    }

    /// Whether a request for `command` is within the limit `now`.
    pub(crate) fn admit(&mut self, command: &'static str, now: UnixMillis) -> bool {
        let mut commands = self.admitted.iter_mut();
        let Some((_, admitted)) = commands.find(|(other, _)| *other == command) else {
            let is_within = self.per_second > 0;
            self.admitted
                .extend(is_within.then(|| (command, vec![now])));
            return is_within;
        };
        let passed = admitted.partition_point(|earlier| earlier.after(WINDOW) <= now);
        let is_within = admitted.len() - passed < self.per_second;
        // Many at once: whenever some go, all others have to move.
        if passed > admitted.len() / 2 {
            admitted.drain(..passed);
        }
        if is_within {
            admitted.push(now);
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
