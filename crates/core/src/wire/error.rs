use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use super::reader::Path;

/// What is wrong with a field, or with an object itself. `Display` is a sentence that names it by its path.
#[derive(Debug, Clone)]
pub(crate) struct FieldError {
    pub(crate) kind: FieldErrorKind,
    /// As it is written in code: `CallInfo.UserList[0]`.
    pub(crate) path: String,
    /// Whether the path begins at the top.
    is_whole_path: bool,
    /// What it should be, where it is of a wrong type.
    pub(crate) expected: Cow<'static, str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldErrorKind {
    /// It is not there.
    Missing,
    /// It is `null`, which is the same but in a token.
    Null,
    WrongType,
    /// A string that is none: it holds half a surrogate pair.
    NotText,
    Repeated,
    /// A field that is there in another version only.
    Unknown,
}

impl FieldError {
    pub(crate) fn new(kind: FieldErrorKind, path: impl Into<String>) -> FieldError {
        FieldError {
            kind,
            path: path.into(),
            is_whole_path: true,
            expected: Cow::Borrowed(""),
        }
    }

    /// The value that is read is of a wrong type.
    pub(crate) fn expected(what: impl Into<Cow<'static, str>>) -> FieldError {
        FieldError {
            expected: what.into(),
            ..FieldError::here(FieldErrorKind::WrongType)
        }
    }

    /// The value at that path is of a wrong type.
    pub(crate) fn expected_at(path: &str, what: &'static str) -> FieldError {
        FieldError {
            expected: what.into(),
            ..FieldError::new(FieldErrorKind::WrongType, path)
        }
    }

    /// Something is wrong with the value that is read: whoever reads it knows the path.
    pub(super) fn here(kind: FieldErrorKind) -> FieldError {
        FieldError::within(kind, "")
    }

    /// Something is wrong with a field of the object that is read.
    fn within(kind: FieldErrorKind, field: &str) -> FieldError {
        FieldError {
            is_whole_path: false,
            ..FieldError::new(kind, field)
        }
    }

    /// What it breaks, without its path.
    pub(crate) fn rule(&self) -> Cow<'static, str> {
        match self.kind {
            FieldErrorKind::Missing | FieldErrorKind::Null => "is missing".into(),
            FieldErrorKind::WrongType => format!("must be {}", self.expected).into(),
            FieldErrorKind::NotText => "holds half a surrogate pair".into(),
            FieldErrorKind::Repeated => "stands there twice".into(),
            FieldErrorKind::Unknown => "is unknown".into(),
        }
    }

    /// The error of the value at that path, unless a part of it has said where it is.
    pub(super) fn at(mut self, path: &Path<'_>) -> FieldError {
        if !self.is_whole_path {
            self.is_whole_path = true;
            self.path = match self.path.as_str() {
                "" => path.to_string(),
                field => Path::Field(path, field).to_string(),
            };
        }
        self
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path, self.rule())
    }
}

impl std::error::Error for FieldError {}

/// What derived code reports.
impl Error for FieldError {
    fn custom<T: fmt::Display>(expected: T) -> FieldError {
        FieldError::expected(expected.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> FieldError {
        FieldError::expected(expected.to_string())
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> FieldError {
        FieldError::expected(expected.to_string())
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> FieldError {
        FieldError::expected(format!("one of {}", known.join(", ")))
    }

    fn unknown_field(name: &str, _: &'static [&'static str]) -> FieldError {
        FieldError::within(FieldErrorKind::Unknown, name)
    }

    fn missing_field(name: &'static str) -> FieldError {
        FieldError::within(FieldErrorKind::Missing, name)
    }

    fn duplicate_field(name: &'static str) -> FieldError {
        FieldError::within(FieldErrorKind::Repeated, name)
    }
}
