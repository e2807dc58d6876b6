//! Failures on their way to JavaScript, and what may be done after one.

use std::time::Duration;

use serde::Serialize;
use trtc_call_core::input::Given;
use trtc_call_core::{
    Decision, Error, ErrorDescription, InvalidRequest, OutcomeUnknown, Problem, Repeat, ReplyHead,
    TransportError, TransportErrorKind, UnixSeconds,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::commands::CommandRequest;
use crate::exact::to_js;
use crate::given::read_with;

/// What is thrown. `describe` gives the plain object out of which an error's class is made.
#[wasm_bindgen]
pub struct Failure {
    error: Box<Error>,
    repeat: Repeat,
    /// How long the server asked to wait.
    retry_after: Option<Duration>,
}

impl Failure {
    /// A failure of something that, sent a second time, does what `repeat` says.
    pub(crate) fn new(repeat: Repeat, error: Error) -> Failure {
        Failure {
            error: Box::new(error),
            repeat,
            retry_after: None,
        }
    }

    /// No reply came to something that, sent a second time, does what `repeat` says. `how` is the code of a
    /// [`TransportErrorKind`]; any other means that the connection broke.
    pub(crate) fn no_reply(repeat: Repeat, how: &str, message: &str) -> Failure {
        Failure::new(repeat, no_reply(how, message).into())
    }
}

/// An object that the caller gave breaks rules. Its fields are named as they stand there.
impl From<InvalidRequest> for Failure {
    fn from(invalid: InvalidRequest) -> Failure {
        Failure::new(Repeat::Harmless, invalid.into())
    }
}

/// A value that the caller gave breaks a rule. It is named as in Rust.
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        InvalidRequest::from(problem.in_javascript()).into()
    }
}

#[wasm_bindgen]
impl Failure {
    /// Adds what the reply's headers tell, to a request that was sent to `host`, signed at `signed_at` and answered at
    /// `now` (both Unix seconds).
    pub fn explain(
        &mut self,
        date: Option<String>,
        location: Option<String>,
        retry_after: Option<String>,
        host: &str,
        signed_at: f64,
        now: f64,
    ) {
        let mut head = ReplyHead::default();
        (head.date, head.location, head.retry_after) = (date, location, retry_after);
        let signed_at = UnixSeconds(signed_at as u64);
        self.error.explain(&head, host, signed_at);
        self.retry_after = head.retry_after(UnixSeconds(now as u64));
    }

    /// The error as a plain object.
    pub fn describe(&self) -> Thrown<JsValue> {
        Ok(to_js(&ErrorDescription::of(&self.error, self.repeat))?)
    }

    /// The failure of a call that may have rung, with what is needed to find it: the request, and the Unix seconds at
    /// which it was sent and failed. Of any other request it is the same failure.
    #[wasm_bindgen(js_name = outcomeUnknown)]
    #[must_use]
    pub fn outcome_unknown(
        self,
        request: &CommandRequest,
        sent_at: f64,
        failed_at: f64,
    ) -> Failure {
        let Some(ring) = request.ring_attempt() else {
            return self;
        };
        let seconds = |time: f64| UnixSeconds(time as u64);
        let unknown = OutcomeUnknown::new(ring, seconds(sent_at), seconds(failed_at), *self.error);
        Failure::new(self.repeat, Box::new(unknown).into())
    }
}

/// Core's `RetryPolicy`.
#[wasm_bindgen]
pub struct RetryPolicy(trtc_call_core::RetryPolicy);

#[wasm_bindgen]
impl RetryPolicy {
    /// Core's defaults but for what is given: `{ maxAttempts?, baseDelay?, maxDelay? }`, the times in milliseconds.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue) -> Result<RetryPolicy, Failure> {
        read_with("retryPolicy", given, |input| {
            let mut policy = trtc_call_core::RetryPolicy::default();
            let at_least_one = |attempts: Given<'_>| match attempts.whole_32("attempts")? {
                0 => Err(attempts.wrong_type("at least 1 attempt")),
                attempts => Ok(attempts),
            };
            if let Some(attempts) = input.optional("maxAttempts", at_least_one) {
                policy.max_attempts = attempts;
            }
            if let Some(delay) = input.optional("baseDelay", Given::milliseconds) {
                policy.base_delay = delay;
            }
            if let Some(delay) = input.optional("maxDelay", Given::milliseconds) {
                policy.max_delay = delay;
            }
            Some(RetryPolicy(policy))
        })
    }

    /// The same policy with another number of attempts.
    #[wasm_bindgen(js_name = withAttempts)]
    #[must_use]
    pub fn with_attempts(&self, max_attempts: u32) -> RetryPolicy {
        RetryPolicy(self.0.clone().max_attempts(max_attempts))
    }

    /// What to do after attempt number `attempt` (from 1) failed: `{ decision }`, which is `retry` with the milliseconds
    /// to wait in `after`, `give_up` or `outcome_unknown`.
    pub fn decide(&self, failure: &Failure, attempt: u32) -> Thrown<JsValue> {
        // Without a random number everybody waits for as long as may be.
        let random = getrandom::u32().unwrap_or(u32::MAX);
        let decision = self.0.decide(
            failure.repeat,
            &failure.error,
            attempt,
            random,
            failure.retry_after,
        );
        Ok(to_js(&match decision {
            Decision::Retry { after } => Decided::Retry {
                after: after.as_secs_f64() * 1000.0,
            },
            Decision::GiveUp => Decided::GiveUp,
            Decision::OutcomeUnknown => Decided::OutcomeUnknown,
        })?)
    }
}

#[derive(Serialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
enum Decided {
    Retry { after: f64 },
    GiveUp,
    OutcomeUnknown,
}

/// How far a request got that was not answered.
pub(crate) fn no_reply(how: &str, message: &str) -> TransportError {
    let kind = [
        TransportErrorKind::Connect,
        TransportErrorKind::Timeout,
        TransportErrorKind::Cancelled,
        TransportErrorKind::RateLimit,
    ]
    .into_iter()
    .find(|kind| kind.code() == how)
    .unwrap_or(TransportErrorKind::Interrupted);
    TransportError::new(kind, message)
}

/// What is known about an `ErrorCode` of the service; `null` for one outside the catalogue.
#[wasm_bindgen(js_name = explainErrorCode)]
pub fn explain_error_code(code: f64) -> Thrown<JsValue> {
    let is_whole = code.fract() == 0.0;
    Ok(to_js(
        &is_whole
            .then(|| trtc_call_core::ErrorCode(code as i64).entry())
            .flatten(),
    )?)
}
