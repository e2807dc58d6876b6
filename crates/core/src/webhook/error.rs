use std::fmt;

use crate::wire::{FieldError, FieldErrorKind};
use crate::word::serialize_as_word;

/// Why a delivery is refused. `Display` is a sentence that names the usual mistake, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookError {
    reason: WebhookErrorReason,
    message: String,
}

impl WebhookError {
    pub(super) fn new(reason: WebhookErrorReason, message: impl Into<String>) -> WebhookError {
        WebhookError {
            reason,
            message: message.into(),
        }
    }

    /// The kind of failure, for programs.
    #[must_use]
    pub fn reason(&self) -> WebhookErrorReason {
        self.reason
    }

    /// A stable string for programs, such as `wrong_signature`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// What to answer: 401 where the sender could not show that it is the service, 413 for a body that
    /// is too large, 400 for what cannot be read.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.reason {
            WebhookErrorReason::MissingSignature
            | WebhookErrorReason::WrongSignature
            | WebhookErrorReason::TooOld
            | WebhookErrorReason::TooEarly
            | WebhookErrorReason::OtherApp => 401,
            WebhookErrorReason::BodyTooLarge => 413,
            _ => 400,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WebhookError {}

impl From<FieldError> for WebhookError {
    fn from(error: FieldError) -> WebhookError {
        let reason = match error.kind {
            FieldErrorKind::Missing | FieldErrorKind::Null => WebhookErrorReason::MissingField,
            FieldErrorKind::Repeated => WebhookErrorReason::DuplicateField,
            _ => WebhookErrorReason::WrongType,
        };
        WebhookError::new(reason, error.to_string())
    }
}

/// The kinds of failure, in the order in which a delivery is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorReason {
    /// The query is too long, or a parameter that matters cannot be decoded.
    BadQuery,
    /// A parameter that matters stands there twice, so that readers may differ about what it says.
    DuplicateParameter,
    /// `SdkAppid` is missing, or another application's.
    OtherApp,
    /// `Sign` or `RequestTime` is missing: authentication is off, or the sender is not the service.
    MissingSignature,
    /// `Sign` was not made with this token and this `RequestTime`.
    WrongSignature,
    /// `RequestTime` is further back than the tolerance: the delivery was replayed, or a clock is wrong.
    TooOld,
    /// `RequestTime` is further ahead than the tolerance: a clock is wrong.
    TooEarly,
    /// The body is larger than [`MAX_BODY_BYTES`](super::MAX_BODY_BYTES).
    BodyTooLarge,
    /// The body is nested deeper than any webhook.
    BodyTooDeep,
    /// The body is not a JSON object.
    BodyNotJson,
    /// Query and body name different commands, or neither names one.
    Command,
    /// The body lacks a field.
    MissingField,
    /// The body has a field of another type than documented.
    WrongType,
    /// The body has a field twice, so that readers may differ about what it says.
    DuplicateField,
}

serialize_as_word!(WebhookErrorReason by code);

impl WebhookErrorReason {
    /// A stable string for programs, such as `wrong_signature`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            WebhookErrorReason::BadQuery => "bad_query",
            WebhookErrorReason::DuplicateParameter => "duplicate_parameter",
            WebhookErrorReason::OtherApp => "other_app",
            WebhookErrorReason::MissingSignature => "missing_signature",
            WebhookErrorReason::WrongSignature => "wrong_signature",
            WebhookErrorReason::TooOld => "too_old",
            WebhookErrorReason::TooEarly => "too_early",
            WebhookErrorReason::BodyTooLarge => "body_too_large",
            WebhookErrorReason::BodyTooDeep => "body_too_deep",
            WebhookErrorReason::BodyNotJson => "body_not_json",
            WebhookErrorReason::Command => "command",
            WebhookErrorReason::MissingField => "missing_field",
            WebhookErrorReason::WrongType => "wrong_type",
            WebhookErrorReason::DuplicateField => "duplicate_field",
        }
    }
}
