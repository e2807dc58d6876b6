use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use trtc_call_core::client_defaults::BURST_DIVISOR;

/// Spaces out the requests of each command or action.
pub(crate) struct RateLimiter {
    commands: DefaultKeyedRateLimiter<&'static str>,
    clock: DefaultClock,
}

impl RateLimiter {
    /// At most `requests` in any second, for each command by itself.
    ///
    /// A leaky bucket lets its burst and a second's refill through within one second: a part of the
    /// requests is the burst, the rest is the refill. (A limit of one per second cannot be split so, and
    /// is a refill of one and a burst of one.)
    pub(crate) fn new(requests: NonZeroU32) -> RateLimiter {
        let burst = (requests.get() / BURST_DIVISOR).max(1);
        let refill = requests.get().saturating_sub(burst).max(1);
        let one = NonZeroU32::MIN;
        let quota = Quota::per_second(NonZeroU32::new(refill).unwrap_or(one))
            .allow_burst(NonZeroU32::new(burst).unwrap_or(one));
        RateLimiter {
            commands: DefaultKeyedRateLimiter::keyed(quota),
            clock: DefaultClock::default(),
        }
    }

    /// Returns when the next request of that command may go out.
    pub(crate) async fn wait(&self, command: &'static str) {
        while let Err(not_yet) = self.commands.check_key(&command) {
            tokio::time::sleep(not_yet.wait_time_from(self.clock.now())).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use trtc_call_core::Endpoint;
    use trtc_call_core::call_engine::{end_call, get_call_info};

    use super::*;

    #[test]
    fn the_burst_is_a_tenth_and_each_command_has_its_own() {
        let limiter = RateLimiter::new(NonZeroU32::new(20).unwrap());
        let passes = |command| {
            (0..10)
                .filter(|_| limiter.commands.check_key(&command).is_ok())
                .count()
        };
        assert_eq!(passes(end_call::Request::COMMAND.name), 2);
        assert_eq!(passes(get_call_info::Request::COMMAND.name), 2);
    }
}
