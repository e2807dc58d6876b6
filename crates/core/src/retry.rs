//! Whether a failed request may be sent again. Pure: the shell brings the random number and waits.

use std::time::Duration;

use serde::Serialize;

use crate::{Error, Repeat};

/// What is known about the effect of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It certainly had none, and may succeed when sent again.
    None,
    /// It had none, and would be refused again.
    Refused,
    /// It may have had one: a call may be ringing, a stream may be playing.
    Unknown,
}

/// How often and how patiently to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included; 1 never retries.
    pub max_attempts: u32,
    /// The most to wait before the second attempt; doubled for each further one.
    pub base_delay: Duration,
    /// The most to wait before any attempt.
    pub max_delay: Duration,
}

/// Three attempts, up to 200 ms and 400 ms apart: a passing limit (200 requests/s) is over by then, and
/// a caller who waits for a phone to ring does not wait long.
impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy {
            max_attempts: 3,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(5),
        }
    }
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Wait, then send the request again.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// Report the error.
    GiveUp,
    /// Report that the outcome is unknown: the request may have rung phones, or started a stream, and
    /// sending it again could do so twice.
    OutcomeUnknown,
}

impl RetryPolicy {
    /// What to do after attempt number `attempt` (from 1) failed with `error`.
    ///
    /// `random` spreads the retries of many clients: any 32-bit number, fresh for each decision.
    #[must_use]
    pub fn decide(&self, repeat: Repeat, error: &Error, attempt: u32, random: u32) -> Decision {
        if error.outcome_is_unknown(repeat) {
            Decision::OutcomeUnknown
        } else if error.is_retryable(repeat) && attempt < self.max_attempts {
            Decision::Retry {
                after: self.delay(attempt, random),
            }
        } else {
            Decision::GiveUp
        }
    }

    /// Between half of the doubled base delay and the whole of it.
    fn delay(&self, attempt: u32, random: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(31);
        let longest = self
            .base_delay
            .saturating_mul(1 << doublings)
            .min(self.max_delay);
        let share = 0.5 + 0.5 * (f64::from(random) / f64::from(u32::MAX));
        longest.mul_f64(share)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ErrorCode, ParseError, ParseErrorKind, ServerError, TransportError, TransportErrorKind,
    };

    fn server(code: i64) -> Error {
        let code = ErrorCode(code);
        Error::Server(ServerError {
            code,
            info: String::new(),
            request_id: None,
            body: String::new(),
        })
    }

    fn transport(kind: TransportErrorKind) -> Error {
        TransportError::new(kind, "").into()
    }

    fn status(status: u16) -> Error {
        ParseError::new(ParseErrorKind::HttpStatus, status, None, String::new(), b"").into()
    }

    fn decide(repeat: Repeat, error: &Error) -> Decision {
        RetryPolicy::default().decide(repeat, error, 1, 0)
    }

    #[test]
    fn a_call_is_retried_only_when_it_certainly_had_no_effect() {
        for error in [60007, 60011, 60014, 60018, 60019].map(server) {
            assert!(
                matches!(decide(Repeat::RingsAgain, &error), Decision::Retry { .. }),
                "{error}"
            );
        }
        let refused = transport(TransportErrorKind::Connect);
        assert!(matches!(
            decide(Repeat::RingsAgain, &refused),
            Decision::Retry { .. }
        ));
    }

    #[test]
    fn a_call_that_may_ring_is_never_sent_again() {
        let mut unknown = vec![
            server(60008),
            server(60013),
            server(101_001),
            server(99_999),
        ];
        unknown.extend([500, 502, 503, 504, 408, 429].map(status));
        unknown
            .extend([TransportErrorKind::Timeout, TransportErrorKind::Interrupted].map(transport));
        let not_json = ParseError::new(ParseErrorKind::NotJson, 200, None, String::new(), b"");
        unknown.push(not_json.into());
        for error in unknown {
            assert_eq!(
                decide(Repeat::RingsAgain, &error),
                Decision::OutcomeUnknown,
                "{error}"
            );
            assert!(
                matches!(decide(Repeat::Harmless, &error), Decision::Retry { .. }),
                "{error}"
            );
        }
    }

    #[test]
    fn a_refusal_is_final() {
        for error in [server(70001), server(101_004), status(404), status(301)] {
            for repeat in [Repeat::Harmless, Repeat::RingsAgain] {
                assert_eq!(decide(repeat, &error), Decision::GiveUp, "{error}");
            }
        }
    }

    proptest! {
        #[test]
        fn delays_stay_within_the_policy(attempt: u32, random: u32, base in 0u64..10_000) {
            let policy = RetryPolicy {
                base_delay: Duration::from_millis(base),
                ..RetryPolicy::default()
            };
            prop_assert!(policy.delay(attempt, random) <= policy.max_delay);
        }

        #[test]
        fn attempts_are_bounded(attempt in 3u32.., random: u32) {
            let error = server(60007);
            let decision = RetryPolicy::default().decide(Repeat::Harmless, &error, attempt, random);
            prop_assert_eq!(decision, Decision::GiveUp);
        }
    }
}
