//! Why a request of the page failed, in the form in which the npm package describes its errors.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use trtc_call::{
    Command, Endpoint, Error, ErrorCode, ErrorDescription, InvalidRequest, Problem, Repeat,
};

/// Why a request of the page failed.
#[derive(Debug)]
pub(crate) enum Failure {
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
impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Invalid(vec![problem.in_javascript()])
    }
}

/// An object that breaks rules. Its fields are named as they stand there.
impl From<InvalidRequest> for Failure {
    fn from(invalid: InvalidRequest) -> Failure {
        Failure::Invalid(invalid.into_problems())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = self.status();
        let error = match self {
            Failure::Invalid(problems) => {
                ErrorDescription::of(&InvalidRequest::from(problems).into(), Repeat::Harmless)
            }
            Failure::Service { repeat, error } => ErrorDescription::of(&error, repeat),
            Failure::Refused { code, message, .. } => {
                ErrorDescription::of_shell("console", code, message)
            }
        };
        (status, Json(Document { error })).into_response()
    }
}

#[derive(Serialize)]
struct Document {
    error: ErrorDescription,
}
