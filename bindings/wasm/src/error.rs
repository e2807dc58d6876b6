//! Errors on their way to JavaScript.

use std::time::Duration;

use trtc_call_core::{
    Decision, Error, ErrorDescription, InvalidRequest, OutcomeUnknown, Problem, Repeat, ReplyHead,
    RetryPolicy, RingAttempt, TransportError, TransportErrorKind, UnixSeconds,
};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

/// What is thrown. `describe` gives the plain object out of which an error's class is made.
#[wasm_bindgen]
pub struct Failure(Box<Failed>);

/// Boxed, so that every export's `Result` is small.
struct Failed {
    error: Error,
    repeat: Repeat,
    /// How long the server asked to wait.
    retry_after: Option<Duration>,
}

impl Failure {
    /// A failure of something that, sent a second time, does what `repeat` says.
    pub(crate) fn new(repeat: Repeat, error: Error) -> Failure {
        Failure(Box::new(Failed {
            error,
            repeat,
            retry_after: None,
        }))
    }

    /// A failure of something that does no harm when sent again, or was not sent.
    pub(crate) fn harmless(error: Error) -> Failure {
        Failure::new(Repeat::Harmless, error)
    }

    /// What the caller gave breaks rules.
    pub(crate) fn invalid(problems: Vec<Problem>) -> Failure {
        let problems = problems.into_iter().map(Problem::in_javascript);
        Failure::harmless(InvalidRequest::from(problems.collect::<Vec<_>>()).into())
    }

    /// What is wrong with what the caller gave.
    pub(crate) fn problems(&self) -> &[Problem] {
        match &self.0.error {
            Error::Build(request) => request.problems(),
            _ => &[],
        }
    }

    pub(crate) fn decision(&self, policy: &RetryPolicy, attempt: u32, random: u32) -> Decision {
        let Failed {
            error,
            repeat,
            retry_after,
        } = &*self.0;
        policy.decide(*repeat, error, attempt, random, *retry_after)
    }

    /// The same failure, of a call that may have rung.
    pub(crate) fn of_unknown_outcome(
        self,
        ring: RingAttempt,
        sent_at: UnixSeconds,
        failed_at: UnixSeconds,
    ) -> Failure {
        let Failed { error, repeat, .. } = *self.0;
        let unknown = OutcomeUnknown::new(ring, sent_at, failed_at, error);
        Failure::new(repeat, Box::new(unknown).into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::invalid(vec![problem])
    }
}

#[wasm_bindgen]
impl Failure {
    /// Adds what the reply's headers tell, to a request that was signed at `signed_at` and answered at `now` (both Unix
    /// seconds).
    pub fn explain(
        &mut self,
        date: Option<String>,
        location: Option<String>,
        retry_after: Option<String>,
        signed_at: f64,
        now: f64,
    ) {
        let mut head = ReplyHead::default();
        (head.date, head.location, head.retry_after) = (date, location, retry_after);
        self.0.error.explain(&head, UnixSeconds(signed_at as u64));
        self.0.retry_after = head.retry_after(UnixSeconds(now as u64));
    }

    /// The error as the JSON text of a plain object.
    pub fn describe(&self) -> String {
        to_javascript(&ErrorDescription::of(&self.0.error, self.0.repeat))
    }
}

/// No reply came to the command or action of that name. `how` is the code of a [`TransportErrorKind`]; any other
/// means that the connection broke.
#[wasm_bindgen(js_name = transportFailure)]
pub fn transport_failure(name: &str, how: &str, message: &str) -> Failure {
    Failure::new(Repeat::of_named(name), no_reply(how, message).into())
}

/// How far a request got that was not answered.
pub(crate) fn no_reply(how: &str, message: &str) -> TransportError {
    let kind = [
        TransportErrorKind::Connect,
        TransportErrorKind::Timeout,
        TransportErrorKind::Cancelled,
    ]
    .into_iter()
    .find(|kind| kind.code() == how)
    .unwrap_or(TransportErrorKind::Interrupted);
    TransportError::new(kind, message)
}
