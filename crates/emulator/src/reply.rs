//! The envelope of every reply.

use serde::Serialize;
use serde_json::value::RawValue;
use trtc_call_core::ErrorCode;

use crate::Answer;
use crate::field::FieldError;
use crate::json::json;

/// What a command answers: a payload, nothing, or a refusal.
pub(crate) type Outcome = Result<Option<Box<RawValue>>, Refusal>;

/// Why the service refuses a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    pub(crate) info: String,
}

impl Refusal {
    pub(crate) fn new(code: i64, info: impl Into<String>) -> Refusal {
        Refusal {
            code: ErrorCode(code),
            info: info.into(),
        }
    }

    /// A refusal that says what the catalogue says about its code.
    pub(crate) fn by_code(code: i64) -> Refusal {
        let info = ErrorCode(code)
            .entry()
            .map_or("an injected error", |entry| entry.meaning);
        Refusal::new(code, info)
    }
}

impl Refusal {
    /// The callback configuration has a code of its own for wrong parameters.
    pub(crate) fn of_callback(error: &FieldError) -> Refusal {
        Refusal::new(100_002, error.to_string())
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Refusal {
        let code = if error.is_account_of_wrong_type {
            60015
        } else {
            101_002
        };
        Refusal::new(code, error.to_string())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    error_code: ErrorCode,
    error_info: &'a str,
    action_status: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Box<RawValue>>,
}

/// The reply to a request that reached the service: status 200, whatever the outcome.
pub(crate) fn answer(request_id: &str, outcome: Outcome) -> Answer {
    let (error_code, error_info, action_status, response) = match outcome {
        Ok(payload) => (ErrorCode(0), String::new(), "OK", payload),
        Err(Refusal { code, info }) => (code, info, "FAIL", None),
    };
    let envelope = Envelope {
        error_code,
        error_info: &error_info,
        action_status,
        request_id,
        response,
    };
    Answer {
        error_code: Some(error_code),
        ..Answer::json(200, &json(&envelope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(outcome: Outcome) -> String {
        String::from_utf8(answer("Id-1", outcome).body).unwrap()
    }

    #[test]
    fn the_envelope_is_the_vendors() {
        assert_eq!(
            text(Ok(Some(json(&serde_json::json!({ "CallId": "c" }))))),
            r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1","Response":{"CallId":"c"}}"#
        );
        assert_eq!(
            text(Ok(None)),
            r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#
        );
        assert_eq!(
            text(Err(Refusal::new(60010, "no"))),
            r#"{"ErrorCode":60010,"ErrorInfo":"no","ActionStatus":"FAIL","RequestId":"Id-1"}"#
        );
    }
}
