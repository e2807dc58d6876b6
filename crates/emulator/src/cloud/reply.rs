//! The envelope of every reply of the cloud API.

use serde::Serialize;

use crate::Answer;
use crate::field::FieldError;
use crate::json::json;

/// What an action answers.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(super) task_id: Option<String>,
    pub(super) status: Option<&'static str>,
}

impl Reply {
    /// `Status` of a task.
    pub(super) fn status(is_running: bool) -> Reply {
        Reply {
            status: Some(if is_running { "InProgress" } else { "NotExist" }),
            ..Reply::default()
        }
    }
}

/// Why the cloud API refuses a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Refusal {
    pub(super) code: String,
    pub(super) message: String,
}

pub(crate) const RATE_LIMIT: &str = "RequestLimitExceeded";
pub(crate) const INTERNAL_ERROR: &str = "InternalError";

/// The fields for which the vendor's list of errors has a code of their own.
const WITH_OWN_MISSING: [&str; 6] = [
    "RoomId", "SdkAppId", "TaskId", "UserId", "UserIds", "UserSig",
];
const WITH_OWN_INVALID: [&str; 9] = [
    "AudioEncodeParams",
    "RoomId",
    "SdkAppId",
    "StreamUrl",
    "TaskId",
    "UserId",
    "UserIds",
    "UserSig",
    "Volume",
];

impl Refusal {
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Refusal {
        Refusal {
            code: code.into(),
            message: message.into(),
        }
    }

    pub(super) fn invalid_action() -> Refusal {
        let all: Vec<&str> = super::names().collect();
        let all = all.join(", ");
        Refusal::new(
            "InvalidAction",
            format!("X-TC-Action: must be one of {all}"),
        )
    }

    pub(super) fn rate_limit() -> Refusal {
        Refusal::new(RATE_LIMIT, "too many requests for this action in a second")
    }

    pub(super) fn body(rule: &str) -> Refusal {
        Refusal::new("InvalidParameter", format!("the body {rule}"))
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Refusal {
        let (code, with_own) = if error.is_missing {
            ("MissingParameter", &WITH_OWN_MISSING[..])
        } else {
            ("InvalidParameter", &WITH_OWN_INVALID[..])
        };
        // An item or a part of a field is the field's matter.
        let name = error.field.split(['.', '[']).next().unwrap_or_default();
        let code = if with_own.contains(&name) {
            format!("{code}.{name}")
        } else {
            code.to_owned()
        };
        Refusal::new(code, error.to_string())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    response: Response<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Response<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Refusal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    request_id: &'a str,
}

/// The reply to a request that reached the service: status 200, whatever the outcome.
pub(crate) fn answer(request_id: &str, outcome: &super::Outcome) -> Answer {
    let (error, reply) = (outcome.as_ref().err(), outcome.as_ref().ok());
    let envelope = Envelope {
        response: Response {
            error,
            task_id: reply.and_then(|reply| reply.task_id.as_deref()),
            status: reply.and_then(|reply| reply.status),
            request_id,
        },
    };
    Answer {
        cloud_error_code: error.map(|refusal| refusal.code.as_str().into()),
        ..Answer::json(200, &json(&envelope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(outcome: &super::super::Outcome) -> String {
        String::from_utf8(answer("r", outcome).body).unwrap()
    }

    #[test]
    fn the_envelope_is_the_vendors() {
        let reply = Reply {
            task_id: Some("t".to_owned()),
            ..Reply::default()
        };
        assert_eq!(
            text(&Ok(reply)),
            r#"{"Response":{"TaskId":"t","RequestId":"r"}}"#
        );
        assert_eq!(
            text(&Ok(Reply::default())),
            r#"{"Response":{"RequestId":"r"}}"#
        );
        assert_eq!(
            text(&Err(Refusal::new("InvalidAction", "no"))),
            r#"{"Response":{"Error":{"Code":"InvalidAction","Message":"no"},"RequestId":"r"}}"#
        );
    }

    #[test]
    fn a_field_has_a_code_of_its_own_where_the_vendors_list_has_one() {
        let code = |field: &str, is_missing| {
            let error = FieldError {
                field: field.to_owned(),
                rule: "is wrong".to_owned(),
                is_account_of_wrong_type: false,
                is_missing,
            };
            Refusal::from(error).code
        };
        assert_eq!(code("RoomId", true), "MissingParameter.RoomId");
        assert_eq!(code("StreamUrl", true), "MissingParameter");
        assert_eq!(code("UserIds[3]", false), "InvalidParameter.UserIds");
        assert_eq!(
            code("AudioEncodeParams.Channel", false),
            "InvalidParameter.AudioEncodeParams"
        );
        assert_eq!(code("Tempo", false), "InvalidParameter");
    }
}
