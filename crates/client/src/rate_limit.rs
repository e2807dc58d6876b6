use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota};
use tokio::time::Instant;
use trtc_call_core::client_defaults::BURST_DIVISOR;
use trtc_call_core::{TransportError, TransportErrorKind};

/// Spaces out the requests of each command or action. First come, first served.
pub(crate) struct RateLimiter {
    quota: Quota,
    max_wait: Option<Duration>,
    lanes: Mutex<HashMap<&'static str, Arc<Lane>>>,
    clock: DefaultClock,
}

/// The requests of one command.
struct Lane {
    limiter: DefaultDirectRateLimiter,
    /// Held by the first of those who wait, alone. A mutex of tokio's lets them in in their order.
    turn: tokio::sync::Mutex<()>,
    /// How many wait, or are about to.
    waiting: AtomicU32,
}

impl RateLimiter {
    /// At most `requests` in any second, for each command by itself; a request that would wait longer than `max_wait` is
    /// refused.
    ///
    /// A leaky bucket lets its burst and a second's refill through within one second: a part of the
    /// requests is the burst, the rest is the refill. (A limit of one per second cannot be split so, and
    /// is a refill of one and a burst of one.)
    pub(crate) fn new(requests: NonZeroU32, max_wait: Option<Duration>) -> RateLimiter {
        let burst = (requests.get() / BURST_DIVISOR).max(1);
        let refill = requests.get().saturating_sub(burst).max(1);
        let one = NonZeroU32::MIN;
        RateLimiter {
            quota: Quota::per_second(NonZeroU32::new(refill).unwrap_or(one))
                .allow_burst(NonZeroU32::new(burst).unwrap_or(one)),
            max_wait,
            lanes: Mutex::default(),
            clock: DefaultClock::default(),
        }
    }

    /// Returns when the next request of that command may go out.
    pub(crate) async fn wait(&self, command: &'static str) -> Result<(), TransportError> {
        let lane = self.lane(command);
        let waiting = Waiting::begin(&lane.waiting);
        // The first of them waits for one refill at most, and each of the others for one more.
        self.check(self.quota.replenish_interval() * waiting.ahead)?;
        let began = Instant::now();
        let _turn = lane.turn.lock().await;
        while let Err(not_yet) = lane.limiter.check() {
            let pause = not_yet.wait_time_from(self.clock.now());
            self.check(began.elapsed() + pause)?;
            tokio::time::sleep(pause).await;
        }
        tell(began.elapsed(), waiting.ahead);
        Ok(())
    }

    fn lane(&self, command: &'static str) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(command).or_insert_with(|| {
            Arc::new(Lane {
                limiter: DefaultDirectRateLimiter::direct(self.quota),
                turn: tokio::sync::Mutex::default(),
                waiting: AtomicU32::new(0),
            })
        });
        Arc::clone(lane)
    }

    fn check(&self, wait: Duration) -> Result<(), TransportError> {
        match self.max_wait {
            Some(max_wait) if wait > max_wait => {
                let message = format!("it would take {wait:?}, and {max_wait:?} is the most");
                let kind = TransportErrorKind::RateLimit;
                Err(TransportError::new(kind, message))
            }
            _ => Ok(()),
        }
    }
}

/// Counts as waiting until it is dropped.
struct Waiting<'a> {
    all: &'a AtomicU32,
    ahead: u32,
}

impl<'a> Waiting<'a> {
    fn begin(all: &'a AtomicU32) -> Waiting<'a> {
        let ahead = all.fetch_add(1, Ordering::Relaxed);
        Waiting { all, ahead }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A wait that somebody may notice is told to whoever looks after the service.
fn tell(waited: Duration, ahead: u32) {
    const NOTICEABLE: Duration = Duration::from_secs(1);
    if waited >= NOTICEABLE {
        tracing::warn!(?waited, ahead, "waited for the rate limit");
    } else if waited > Duration::ZERO && ahead > 0 {
        tracing::debug!(?waited, ahead, "waited for the rate limit");
    }
}

#[cfg(test)]
mod tests {
    use trtc_call_core::Endpoint;
    use trtc_call_core::call_engine::{end_call, get_call_info};

    use super::*;

    const END: &str = end_call::Request::COMMAND.name;

    fn limiter(requests: u32, max_wait: Option<Duration>) -> Arc<RateLimiter> {
        Arc::new(RateLimiter::new(
            NonZeroU32::new(requests).unwrap(),
            max_wait,
        ))
    }

    #[test]
    fn the_burst_is_a_tenth_and_each_command_has_its_own() {
        let limiter = limiter(20, None);
        let passes = |command| {
            let lane = limiter.lane(command);
            (0..10).filter(|_| lane.limiter.check().is_ok()).count()
        };
        assert_eq!(passes(END), 2);
        assert_eq!(passes(get_call_info::Request::COMMAND.name), 2);
    }

    #[tokio::test]
    async fn first_come_first_served_though_some_leave() {
        let limiter = limiter(50, None);
        let served = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for number in 0..30 {
            let (limiter, served) = (Arc::clone(&limiter), Arc::clone(&served));
            waiting.push(tokio::spawn(async move {
                limiter.wait(END).await.unwrap();
                served.lock().unwrap().push(number);
            }));
            tokio::task::yield_now().await;
        }
        // Every third gives up, and its turn is nobody's loss.
        for task in waiting.iter().skip(6).step_by(3) {
            task.abort();
        }
        let began = Instant::now();
        for task in waiting {
            drop(task.await);
        }
        let served = served.lock().unwrap();
        assert!(served.is_sorted(), "{served:?}");
        assert_eq!(served.len(), 22, "{served:?}");
        // 17 of them at 45 a second.
        assert!(
            began.elapsed() < Duration::from_millis(900),
            "{:?}",
            began.elapsed()
        );
    }

    #[tokio::test]
    async fn who_would_wait_longer_than_allowed_is_refused_at_once() {
        let limiter = limiter(10, Some(Duration::from_millis(250)));
        limiter.wait(END).await.unwrap();
        let waits = || {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move { limiter.wait(END).await })
        };
        let began = Instant::now();
        let waiting: Vec<_> = (0..20).map(|_| waits()).collect();
        let mut refused = 0;
        for task in waiting {
            if let Err(error) = task.await.unwrap() {
                assert_eq!(error.kind, TransportErrorKind::RateLimit);
                refused += 1;
            }
        }
        // Nine a second: two of them within 250 ms.
        assert_eq!(refused, 18);
        assert!(
            began.elapsed() < Duration::from_millis(400),
            "{:?}",
            began.elapsed()
        );
    }
}
