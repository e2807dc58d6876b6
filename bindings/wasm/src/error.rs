//! Errors on their way to JavaScript.

use serde::Serialize;
use trtc_call_core::{
    Decision, Effect, Error, InvalidRequest, OutcomeUnknown, Problem, Repeat, RetryPolicy,
    RingAttempt, RoomId, TransportError, TransportErrorKind, UnixSeconds, UserId,
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
}

impl Failure {
    /// A failure of something that, sent a second time, does what `repeat` says.
    pub(crate) fn new(repeat: Repeat, error: Error) -> Failure {
        Failure(Box::new(Failed { error, repeat }))
    }

    /// A failure of something that does no harm when sent again, or was not sent.
    pub(crate) fn harmless(error: Error) -> Failure {
        Failure::new(Repeat::Harmless, error)
    }

    /// What the caller gave breaks rules.
    pub(crate) fn invalid(problems: Vec<Problem>) -> Failure {
        let problems = problems.into_iter().map(|problem| {
            let field = js_path(&problem.field);
            problem.at(field)
        });
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
        policy.decide(self.0.repeat, &self.0.error, attempt, random)
    }

    /// The same failure, of a call that may have rung.
    pub(crate) fn of_unknown_outcome(
        self,
        ring: RingAttempt,
        sent_at: UnixSeconds,
        failed_at: UnixSeconds,
    ) -> Failure {
        let Failed { error, repeat } = *self.0;
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
    /// The error as the JSON text of a plain object.
    pub fn describe(&self) -> String {
        to_javascript(&Description::of(&self.0.error, self.0.repeat))
    }
}

/// No reply came to what, sent again, is `harmless`, `rings_again` or `starts_again`. `how` is the code of a
/// [`TransportErrorKind`]; any other means that the connection broke.
#[wasm_bindgen(js_name = transportFailure)]
pub fn transport_failure(repeat: &str, how: &str, message: &str) -> Failure {
    let repeat = match repeat {
        "rings_again" => Repeat::RingsAgain,
        "starts_again" => Repeat::StartsAgain,
        _ => Repeat::Harmless,
    };
    Failure::new(repeat, no_reply(how, message).into())
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

/// All that any error has; what one of them lacks is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Description<'a> {
    kind: &'static str,
    code: &'static str,
    message: String,
    request_id: Option<&'a str>,
    effect: Effect,
    retryable: bool,
    may_have_rung: bool,
    outcome_unknown: bool,
    problems: &'a [Problem],
    server: Option<Refusal<'a>>,
    parse: Option<Unreadable<'a>>,
    attempt: Option<Attempt<'a>>,
    cause: Option<Box<Description<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal<'a> {
    error_code: Code<'a>,
    error_info: &'a str,
    what_to_do: Option<&'static str>,
    body: &'a str,
    clock_skew: Option<i64>,
    is_gone: bool,
}

/// Commands are refused with a number, actions with a word.
#[derive(Serialize)]
#[serde(untagged)]
enum Code<'a> {
    Number(i64),
    Word(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unreadable<'a> {
    status: u16,
    first_bytes: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attempt<'a> {
    robot: &'a UserId,
    callees: &'a [UserId],
    room: Option<&'a RoomId>,
    sent_at: UnixSeconds,
    failed_at: UnixSeconds,
}

impl Description<'_> {
    fn of(error: &Error, repeat: Repeat) -> Description<'_> {
        // What a patient client would do next says what may be done next.
        let decision = RetryPolicy::default().decide(repeat, error, 0, 0);
        let is_unknown = matches!(error, Error::OutcomeUnknown(_));
        let mut description = Description {
            kind: error.kind(),
            code: error.code(),
            message: error.to_string(),
            request_id: error.request_id(),
            effect: error.effect(),
            retryable: matches!(decision, Decision::Retry { .. }),
            may_have_rung: is_unknown || error.may_have_rung(repeat),
            outcome_unknown: is_unknown || error.outcome_is_unknown(repeat),
            problems: &[],
            server: None,
            parse: None,
            attempt: None,
            cause: None,
        };
        match error {
            Error::Build(request) => description.problems = request.problems(),
            Error::Server(error) => {
                description.server = Some(Refusal {
                    error_code: Code::Number(error.code.0),
                    error_info: &error.info,
                    what_to_do: error.code.entry().map(|entry| entry.what_to_do),
                    body: &error.body,
                    clock_skew: None,
                    is_gone: false,
                });
            }
            Error::Cloud(error) => {
                description.server = Some(Refusal {
                    error_code: Code::Word(error.code.as_str()),
                    error_info: &error.message,
                    what_to_do: error.code.entry().map(|entry| entry.what_to_do),
                    body: &error.body,
                    clock_skew: error.clock_skew,
                    is_gone: error.is_gone(),
                });
            }
            Error::Parse(error) => {
                description.parse = Some(Unreadable {
                    status: error.status,
                    first_bytes: &error.first_bytes,
                });
            }
            Error::OutcomeUnknown(unknown) => {
                description.attempt = Some(Attempt {
                    robot: &unknown.attempt.robot,
                    callees: &unknown.attempt.callees,
                    room: unknown.attempt.room.as_ref(),
                    sent_at: unknown.sent_at,
                    failed_at: unknown.failed_at,
                });
                description.cause = Some(Box::new(Description::of(&unknown.cause, repeat)));
            }
            _ => {}
        }
        description
    }
}

/// A field's path in JavaScript's names: `ring_timeout` is `ringTimeout` there.
pub(crate) fn js_path(path: &str) -> String {
    // JavaScript's callers say `media: "video"`.
    if path == "media_type" {
        return "media".to_owned();
    }
    let mut words = path.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_their_javascript_names() {
        for (core, js) in [
            ("ring_timeout", "ringTimeout"),
            ("sdk_app_id", "sdkAppId"),
            ("media_type", "media"),
            ("callees[2]", "callees[2]"),
            ("ringTimeout", "ringTimeout"),
        ] {
            assert_eq!(js_path(core), js);
        }
    }

    #[test]
    fn what_may_have_rung_is_not_retryable() {
        for (repeat, how, told) in [
            ("rings_again", "timeout", [false, true, true]),
            ("starts_again", "timeout", [false, false, true]),
            ("harmless", "timeout", [true, false, false]),
            ("rings_again", "connect_failed", [true, false, false]),
        ] {
            let [retryable, rung, unknown] = told;
            let told = format!(
                r#""retryable":{retryable},"mayHaveRung":{rung},"outcomeUnknown":{unknown}"#
            );
            let description = transport_failure(repeat, how, "").describe();
            assert!(description.contains(&told), "{description}");
        }
    }
}
