//! Why a request of the page failed, in the form in which the npm package describes its errors.

use std::io;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use trtc_call::{
    Command, Effect, Endpoint, Error, ErrorCode, ErrorDescription, InvalidRequest, Problem, Repeat,
};

/// Why a request of the page failed.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// What the page sent breaks rules, its fields in the page's names. Nothing was done.
    Invalid(Vec<Problem>),
    /// A command of the service.
    Service { repeat: Repeat, error: Box<Error> },
    /// This server will not do it.
    Refused {
        status: StatusCode,
        code: &'static str,
        message: String,
    },
    /// A call's start that came before: the browser sent it again, or to a process before this one.
    SentTwice,
}

impl ApiError {
    pub(crate) fn service<E: Endpoint>(error: Error) -> ApiError {
        ApiError::of(E::COMMAND, error)
    }

    fn of(command: Command, error: Error) -> ApiError {
        ApiError::Service {
            repeat: command.repeat,
            error: Box::new(error),
        }
    }

    pub(crate) fn refused(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        let message = message.into();
        ApiError::Refused {
            status,
            code,
            message,
        }
    }

    pub(crate) fn no_random(error: &io::Error) -> ApiError {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        ApiError::refused(status, "internal", error.to_string())
    }

    pub(crate) fn not_found(message: impl Into<String>) -> ApiError {
        ApiError::refused(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// What a page is told.
    pub(crate) fn description(self) -> ErrorDescription {
        match self {
            ApiError::Invalid(problems) => {
                ErrorDescription::of(&InvalidRequest::from(problems).into(), Repeat::Harmless)
            }
            ApiError::Service { repeat, error } => ErrorDescription::of(&error, repeat),
            ApiError::Refused { code, message, .. } => {
                ErrorDescription::of_shell("console", code, message)
            }
            ApiError::SentTwice => {
                let message = "the browser sent this a second time by itself, because the connection broke; it was not \
                               sent on again, and the board shows whether the first one rings";
                let mut twice = ErrorDescription::of_shell("console", "sent_twice", message);
                twice.effect = Effect::Unknown;
                twice.may_have_rung = true;
                twice.outcome_unknown = true;
                twice
            }
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            ApiError::Invalid(_) => StatusCode::BAD_REQUEST,
            ApiError::Refused { status, .. } => *status,
            ApiError::SentTwice => StatusCode::CONFLICT,
            ApiError::Service { error, .. } => match &**error {
                Error::Build(_) => StatusCode::BAD_REQUEST,
                error if error.is_gone() => StatusCode::NOT_FOUND,
                Error::Server(error) if error.code == ErrorCode::RECORD_NOT_FOUND => {
                    StatusCode::NOT_FOUND
                }
                Error::Server(_) => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::BAD_GATEWAY,
            },
        }
    }
}

/// A value that breaks a rule. It is named as in Rust.
impl From<Problem> for ApiError {
    fn from(problem: Problem) -> ApiError {
        ApiError::Invalid(vec![problem.in_javascript()])
    }
}

/// An object that breaks rules. Its fields are named as they stand there.
impl From<InvalidRequest> for ApiError {
    fn from(invalid: InvalidRequest) -> ApiError {
        ApiError::Invalid(invalid.into_problems())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let error = self.description();
        (status, Json(Document { error })).into_response()
    }
}

#[derive(Serialize)]
struct Document {
    error: ErrorDescription,
}
