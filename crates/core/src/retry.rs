//! Whether a failed request may be sent again. Pure: the shell brings the random number and waits. By hand: no library
//! knows which request rings a phone.

use std::time::Duration;

use serde::Serialize;

use crate::{Error, Repeat};

/// What is known about the effect of a request that failed. There is no fourth case.
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
///
/// ```
/// use std::time::Duration;
/// use trtc_call_core::RetryPolicy;
///
/// let policy = RetryPolicy::default().max_attempts(5).base_delay(Duration::from_millis(100));
/// # assert_eq!((policy.max_attempts, policy.base_delay.as_millis()), (5, 100));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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

/// What to do after a failure. There is no fourth case.
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
    /// The same with so many attempts in all, the first included; 1 never retries.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> RetryPolicy {
        self.max_attempts = attempts;
        self
    }

    /// The same with so much to wait before the second attempt at most; doubled for each further one.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> RetryPolicy {
        self.base_delay = delay;
        self
    }

    /// The same with so much to wait before any attempt at most.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> RetryPolicy {
        self.max_delay = delay;
        self
    }

    /// What to do after attempt number `attempt` (from 1) failed with `error`.
    ///
    /// `random` spreads the retries of many clients: any 32-bit number, fresh for each decision. `retry_after` is what
    /// the server asked for ([`ReplyHead::retry_after`](crate::ReplyHead::retry_after)): the next attempt waits so long,
    /// if [`max_delay`](Self::max_delay) allows it, and `max_delay` if not. It makes nothing safe to send again.
    #[must_use]
    pub fn decide(
        &self,
        repeat: Repeat,
        error: &Error,
        attempt: u32,
        random: u32,
        retry_after: Option<Duration>,
    ) -> Decision {
        if error.may_have_started(repeat) {
            Decision::OutcomeUnknown
        } else if error.is_retryable(repeat) && attempt < self.max_attempts {
            let asked = retry_after.unwrap_or_default().min(self.max_delay);
            Decision::Retry {
                after: self.delay(attempt, random).max(asked),
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
            sent_to: None,
        })
    }

    fn transport(kind: TransportErrorKind) -> Error {
        TransportError::new(kind, "").into()
    }

    fn status(status: u16) -> Error {
        ParseError::new(ParseErrorKind::HttpStatus, status, None, String::new(), b"").into()
    }

    fn decide(repeat: Repeat, error: &Error) -> Decision {
        RetryPolicy::default().decide(repeat, error, 1, 0, None)
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

    fn cloud(code: &str) -> Error {
        use crate::{CloudEndpoint as _, stream_ingest::stop_stream_ingest::Request};
        let body = format!(r#"{{"Response":{{"Error":{{"Code":"{code}"}},"RequestId":"r"}}}}"#);
        Request::parse(200, body.as_bytes()).unwrap_err()
    }

    #[test]
    fn a_stream_that_may_play_is_never_started_again() {
        let mut unknown: Vec<Error> = ["InternalError", "FailedOperation", "Later.Code"]
            .map(cloud)
            .into();
        unknown.extend([500, 502, 408, 429].map(status));
        unknown
            .extend([TransportErrorKind::Timeout, TransportErrorKind::Interrupted].map(transport));
        for error in unknown {
            let start = Repeat::StartsAgain;
            assert_eq!(decide(start, &error), Decision::OutcomeUnknown, "{error}");
            assert!(!error.may_have_rung(start), "no phone rings: {error}");
            assert!(
                matches!(decide(Repeat::Harmless, &error), Decision::Retry { .. }),
                "{error}"
            );
        }
        for error in [
            cloud("RequestLimitExceeded.UinLimitExceeded"),
            transport(TransportErrorKind::Connect),
        ] {
            assert!(
                matches!(decide(Repeat::StartsAgain, &error), Decision::Retry { .. }),
                "{error}"
            );
        }
        for error in ["AuthFailure.SignatureExpire", "FailedOperation.TaskExist"].map(cloud) {
            for repeat in [Repeat::Harmless, Repeat::StartsAgain] {
                assert_eq!(decide(repeat, &error), Decision::GiveUp, "{error}");
            }
        }
    }

    #[test]
    fn a_refusal_is_final() {
        for error in [server(70001), server(101_004), status(407), status(511)] {
            for repeat in [Repeat::Harmless, Repeat::RingsAgain, Repeat::StartsAgain] {
                assert_eq!(decide(repeat, &error), Decision::GiveUp, "{error}");
            }
        }
    }

    #[test]
    fn a_status_that_lasts_is_not_asked_for_again_though_it_leaves_open_what_happened() {
        for error in [301, 303, 400, 401, 403, 404, 499].map(status) {
            assert_eq!(
                decide(Repeat::Harmless, &error),
                Decision::GiveUp,
                "{error}"
            );
            for repeat in [Repeat::RingsAgain, Repeat::StartsAgain] {
                assert_eq!(decide(repeat, &error), Decision::OutcomeUnknown, "{error}");
            }
        }
    }

    #[test]
    fn what_the_server_asks_for_is_honoured_as_far_as_the_policy_has_patience() {
        let policy = RetryPolicy::default();
        let after = |retry_after: Option<u64>| {
            let asked = retry_after.map(Duration::from_secs);
            match policy.decide(Repeat::Harmless, &status(503), 1, u32::MAX, asked) {
                Decision::Retry { after } => after,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(after(None), policy.base_delay);
        assert_eq!(
            after(Some(0)),
            policy.base_delay,
            "it does not make retries hastier"
        );
        assert_eq!(after(Some(3)), Duration::from_secs(3));
        assert_eq!(after(Some(3600)), policy.max_delay);
        // And makes nothing safe that was not.
        let asked = Some(Duration::from_secs(1));
        assert_eq!(
            policy.decide(Repeat::RingsAgain, &status(429), 1, 0, asked),
            Decision::OutcomeUnknown
        );
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
            let decision = RetryPolicy::default().decide(Repeat::Harmless, &error, attempt, random, None);
            prop_assert_eq!(decision, Decision::GiveUp);
        }
    }
}
