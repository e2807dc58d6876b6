//! Why a request of the page failed, in the form in which the npm package describes its errors.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use trtc_call::{
    Command, Effect, Endpoint, Error, InvalidRequest, Problem, Repeat, RoomId, UnixSeconds, UserId,
};

/// Why a request of the page failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the page sent breaks rules. Nothing was done.
    Invalid(Vec<Problem>),
    /// A command of the service.
    Service { repeat: Repeat, error: Box<Error> },
    /// This server will not do it.
    Refused {
        status: StatusCode,
        code: &'static str,
        message: String,
    },
}

impl Failure {
    pub(crate) fn service<E: Endpoint>(error: Error) -> Failure {
        Failure::of(E::COMMAND, error)
    }

    fn of(command: Command, error: Error) -> Failure {
        Failure::Service {
            repeat: command.repeat,
            error: Box::new(error),
        }
    }

    pub(crate) fn refused(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> Failure {
        let message = message.into();
        Failure::Refused {
            status,
            code,
            message,
        }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Failure {
        Failure::refused(StatusCode::NOT_FOUND, "not_found", message)
    }

    fn status(&self) -> StatusCode {
        match self {
            Failure::Invalid(_) => StatusCode::BAD_REQUEST,
            Failure::Refused { status, .. } => *status,
            Failure::Service { error, .. } => match &**error {
                Error::Build(_) => StatusCode::BAD_REQUEST,
                // 101004: no such call, or it has ended. 101050: no such record.
                Error::Server(error) if [101_004, 101_050].contains(&error.code.0) => {
                    StatusCode::NOT_FOUND
                }
                Error::Server(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::BAD_GATEWAY,
            },
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Invalid(vec![problem])
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        let error = match &self {
            Failure::Invalid(problems) => {
                let problems: Vec<Problem> = problems
                    .iter()
                    .map(|problem| problem.clone().at(js_path(&problem.field)))
                    .collect();
                let error = InvalidRequest::from(problems).into();
                let document = Description::of(&error, Repeat::Harmless);
                return (status, Json(Document { error: document })).into_response();
            }
            Failure::Service { repeat, error } => Description::of(error, *repeat),
            Failure::Refused { code, message, .. } => Description {
                kind: "console",
                code,
                message: message.clone(),
                ..Description::default()
            },
        };
        (status, Json(Document { error })).into_response()
    }
}

#[derive(Serialize)]
struct Document<'a> {
    error: Description<'a>,
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
    what_to_do: Option<&'static str>,
    problems: &'a [Problem],
    server: Option<Refusal<'a>>,
    parse: Option<Unreadable<'a>>,
    attempt: Option<Attempt<'a>>,
    cause: Option<Box<Description<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refusal<'a> {
    error_code: i64,
    error_info: &'a str,
    what_to_do: Option<&'static str>,
    body: &'a str,
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

impl Default for Description<'_> {
    fn default() -> Self {
        Description {
            kind: "",
            code: "",
            message: String::new(),
            request_id: None,
            effect: Effect::Refused,
            retryable: false,
            may_have_rung: false,
            what_to_do: None,
            problems: &[],
            server: None,
            parse: None,
            attempt: None,
            cause: None,
        }
    }
}

impl Description<'_> {
    fn of(error: &Error, repeat: Repeat) -> Description<'_> {
        let mut description = Description {
            kind: error.kind(),
            code: error.code(),
            message: error.to_string(),
            request_id: error.request_id(),
            effect: error.effect(),
            retryable: error.is_retryable(repeat),
            may_have_rung: error.may_have_rung(repeat),
            ..Description::default()
        };
        match error {
            Error::Build(request) => description.problems = request.problems(),
            Error::Server(error) => {
                description.what_to_do = error.code.entry().map(|entry| entry.what_to_do);
                description.server = Some(Refusal {
                    error_code: error.code.0,
                    error_info: &error.info,
                    what_to_do: description.what_to_do,
                    body: &error.body,
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
fn js_path(path: &str) -> String {
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
            ("media_type", "media"),
            ("callees[2]", "callees[2]"),
            (
                "offline_push.AndroidInfo.Sound",
                "offlinePush.AndroidInfo.Sound",
            ),
            ("pageSize", "pageSize"),
        ] {
            assert_eq!(js_path(core), js);
        }
    }
}
