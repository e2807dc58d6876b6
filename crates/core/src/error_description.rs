//! An error as data: what every shell tells about it, in one form.

use serde::Serialize;

use crate::{
    CallId, CloudErrorCode, Effect, Error, ErrorCode, Problem, Repeat, RingAttempt, UnixSeconds,
};

/// All that is known about an error, for programs: the command prints it with `--json`, the npm package makes
/// its error classes of it, the console answers with it.
///
/// As JSON it is one object in camelCase, whose [`details`](Self::details) stand beside the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ErrorDescription {
    /// The moment at which it went wrong, as [`Error::kind`] names it. A shell may have moments of its own.
    pub kind: &'static str,
    /// A stable string for programs: [`Error::code`].
    pub code: &'static str,
    /// What went wrong and what to do, for people.
    pub message: String,
    /// The service's name for the request, which its support asks for, if a reply carried one.
    pub request_id: Option<String>,
    /// The call that a reply named which cannot be read as a whole: [`Error::call_id`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<CallId>,
    /// What is known about the request's effect.
    pub effect: Effect,
    /// Whether the same request may be sent again: [`Error::is_retryable`].
    pub retryable: bool,
    /// Whether a phone may be ringing: [`Error::may_have_rung`].
    pub may_have_rung: bool,
    /// Whether sending it again could do something twice: [`Error::may_have_started`].
    pub outcome_unknown: bool,
    /// What only errors of this moment have.
    #[serde(flatten)]
    pub details: Option<ErrorDetails>,
}

/// What only errors of one moment have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum ErrorDetails {
    /// The request breaks rules, and nothing was sent.
    Build {
        /// Every problem found.
        problems: Vec<Problem>,
    },
    /// The service answered, and refused.
    Server {
        /// `ErrorCode`, or the cloud API's `Code`.
        error_code: ServiceCode,
        /// `ErrorInfo`, or the cloud API's `Message`: the service's own words.
        error_info: String,
        /// What the caller can do, if this library knows the code.
        what_to_do: Option<&'static str>,
        /// The whole reply.
        body: String,
        /// By how many seconds this machine's clock is ahead of the service's (negative: behind), where the
        /// cloud API refused a request for its time.
        clock_skew: Option<i64>,
        /// Whether what the request names is not there (any more): [`Error::is_gone`].
        is_gone: bool,
    },
    /// A reply came that is not what the service documents.
    Parse {
        /// The HTTP status.
        status: u16,
        /// Where a redirect leads to, without user, query and fragment. It is not followed.
        location: Option<String>,
        /// The beginning of the body, at most 200 bytes.
        first_bytes: String,
    },
    /// A call was sent, and whether it rings is unknown.
    OutcomeUnknown {
        /// Whom the call was to ring, and where.
        attempt: RingAttempt,
        /// When the request was sent, in Unix seconds.
        sent_at: UnixSeconds,
        /// When it failed, in Unix seconds.
        failed_at: UnixSeconds,
        /// Why the outcome is unknown.
        cause: Box<ErrorDescription>,
    },
}

/// Commands are refused with a number, actions of the cloud API with a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ServiceCode {
    /// Of a command.
    Number(ErrorCode),
    /// Of an action.
    Word(CloudErrorCode),
}

impl ErrorDescription {
    /// Describes the failure of something that, sent a second time, does what `repeat` says.
    #[must_use]
    pub fn of(error: &Error, repeat: Repeat) -> ErrorDescription {
        ErrorDescription {
            kind: error.kind(),
            code: error.code(),
            message: error.to_string(),
            request_id: error.request_id().map(str::to_owned),
            call_id: error.call_id().cloned(),
            effect: error.effect(),
            retryable: error.is_retryable(repeat),
            may_have_rung: error.may_have_rung(repeat),
            outcome_unknown: error.may_have_started(repeat),
            details: ErrorDetails::of(error, repeat),
        }
    }

    /// Describes what went wrong in a shell, with nothing sent: `kind` and `code` are the shell's own.
    #[must_use]
    pub fn of_shell(
        kind: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> ErrorDescription {
        ErrorDescription {
            kind,
            code,
            message: message.into(),
            request_id: None,
            call_id: None,
            effect: Effect::Refused,
            retryable: false,
            may_have_rung: false,
            outcome_unknown: false,
            details: None,
        }
    }
}

impl ErrorDetails {
    fn of(error: &Error, repeat: Repeat) -> Option<ErrorDetails> {
        let is_gone = error.is_gone();
        Some(match error {
            Error::Build(request) => ErrorDetails::Build {
                problems: request.problems().to_vec(),
            },
            Error::Transport(_) => return None,
            Error::Server(error) => ErrorDetails::Server {
                error_code: ServiceCode::Number(error.code),
                error_info: error.info.clone(),
                what_to_do: error.code.entry().map(|entry| entry.what_to_do),
                body: error.body.clone(),
                clock_skew: None,
                is_gone,
            },
            Error::Cloud(error) => ErrorDetails::Server {
                error_code: ServiceCode::Word(error.code.clone()),
                error_info: error.message.clone(),
                what_to_do: error.code.entry().map(|entry| entry.what_to_do),
                body: error.body.clone(),
                clock_skew: error.clock_skew,
                is_gone,
            },
            Error::Parse(error) => ErrorDetails::Parse {
                status: error.status,
                location: error.location.clone(),
                first_bytes: error.first_bytes.clone(),
            },
            Error::OutcomeUnknown(unknown) => ErrorDetails::OutcomeUnknown {
                attempt: unknown.attempt.clone(),
                sent_at: unknown.sent_at,
                failed_at: unknown.failed_at,
                cause: Box::new(ErrorDescription::of(&unknown.cause, repeat)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        CloudEndpoint as _, Endpoint, InvalidRequest, OutcomeUnknown, TransportError,
        TransportErrorKind, UserId, call_engine::end_call, stream_ingest::stop_stream_ingest,
    };

    fn described(error: impl Into<Error>, repeat: Repeat) -> Value {
        serde_json::to_value(ErrorDescription::of(&error.into(), repeat)).unwrap()
    }

    fn transport(kind: TransportErrorKind) -> TransportError {
        TransportError::new(kind, "said so")
    }

    #[test]
    fn what_may_have_rung_is_not_retryable() {
        use TransportErrorKind::{Connect, Timeout};
        for (repeat, kind, told) in [
            (Repeat::RingsAgain, Timeout, [false, true, true]),
            (Repeat::StartsAgain, Timeout, [false, false, true]),
            (Repeat::Harmless, Timeout, [true, false, false]),
            (Repeat::RingsAgain, Connect, [true, false, false]),
        ] {
            let error = described(transport(kind), repeat);
            let found = ["retryable", "mayHaveRung", "outcomeUnknown"].map(|name| &error[name]);
            assert_eq!(found, told, "{error}");
        }
    }

    #[test]
    fn what_only_one_kind_of_error_has_stands_beside_the_rest() {
        let unclear = Error::from(transport(TransportErrorKind::Cancelled));
        let attempt = RingAttempt::new(UserId::new("robot").unwrap(), Vec::new(), None);
        let unknown = OutcomeUnknown::new(attempt, UnixSeconds(5), UnixSeconds(6), unclear);
        let problem = Problem::new("ring_timeout", "is too long", "shorten it");
        let gone = br#"{"ErrorCode":101004,"ErrorInfo":"gone","ActionStatus":"FAIL"}"#;
        let stale = br#"{"Response":{"Error":{"Code":"Later","Message":"m"},"RequestId":"r"}}"#;
        for (error, told) in [
            (
                InvalidRequest::from(problem).into(),
                json!({ "kind": "build", "effect": "refused", "requestId": null, "problems": [
                    { "code": "other", "field": "ring_timeout", "rule": "is too long", "fix": "shorten it" },
                ]}),
            ),
            (
                end_call::Request::parse(200, gone).unwrap_err(),
                json!({ "kind": "server", "errorCode": 101_004, "errorInfo": "gone", "isGone": true }),
            ),
            (
                stop_stream_ingest::Request::parse(200, stale).unwrap_err(),
                json!({ "kind": "server", "errorCode": "Later", "requestId": "r", "whatToDo": null,
                    "clockSkew": null, "isGone": false }),
            ),
            (
                end_call::Request::parse(502, b"<html>").unwrap_err(),
                json!({ "kind": "parse", "status": 502, "firstBytes": "<html>" }),
            ),
            (
                Box::new(unknown).into(),
                json!({ "kind": "outcome_unknown", "mayHaveRung": true, "sentAt": 5, "failedAt": 6,
                    "attempt": { "robot": "robot", "callees": [], "room": null } }),
            ),
        ] {
            let error = described(error, Repeat::RingsAgain);
            for (name, value) in told.as_object().unwrap() {
                assert_eq!(error[name], *value, "{name} of {error}");
            }
        }
    }

    #[test]
    fn the_cause_of_an_unknown_outcome_is_described_too() {
        let attempt = RingAttempt::new(UserId::new("robot").unwrap(), Vec::new(), None);
        let cause = transport(TransportErrorKind::Timeout).into();
        let unknown = OutcomeUnknown::new(attempt, UnixSeconds(5), UnixSeconds(6), cause);
        // Whatever it was sent for, a call that may have rung may have rung.
        for repeat in [Repeat::RingsAgain, Repeat::Harmless] {
            let error = described(Box::new(unknown.clone()), repeat);
            assert_eq!(error["cause"]["code"], "timeout");
            assert_eq!(error["mayHaveRung"], true);
            assert_eq!(error["outcomeUnknown"], true);
            assert_eq!(error["retryable"], false);
        }
    }
}
