use std::fmt;

use crate::word::serialize_as_word;

use super::Claims;

/// Why a UserSig is refused. `Display` is a sentence with the details, without the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSigRejection {
    reason: UserSigRejectionReason,
    message: String,
    claims: Option<Box<Claims>>,
}

impl UserSigRejection {
    pub(super) fn new(
        reason: UserSigRejectionReason,
        message: impl Into<String>,
    ) -> UserSigRejection {
        UserSigRejection {
            reason,
            message: message.into(),
            claims: None,
        }
    }

    pub(super) fn with_claims(mut self, claims: Claims) -> UserSigRejection {
        self.claims = Some(Box::new(claims));
        self
    }

    /// The kind of failure, for programs.
    #[must_use]
    pub fn reason(&self) -> UserSigRejectionReason {
        self.reason
    }

    /// What the token says, where it could be read. **Unless the reason is
    /// [`Expired`](UserSigRejectionReason::Expired), nothing vouches for it.**
    #[must_use]
    pub fn claims(&self) -> Option<&Claims> {
        self.claims.as_deref()
    }
}

impl fmt::Display for UserSigRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UserSigRejection {}

/// The kinds of failure, in the order in which a token is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserSigRejectionReason {
    /// There is no token: a variable or a file is empty.
    Empty,
    /// It is not base64 in the alphabet of UserSigs; often `+ / =` were not replaced by `* - _`.
    NotBase64,
    /// It is not a zlib stream, or a cut or damaged one.
    NotZlib,
    /// It holds more than [`MAX_INFLATED_BYTES`](super::MAX_INFLATED_BYTES).
    TooLarge,
    /// Something follows the zlib stream or the JSON object.
    TrailingBytes,
    /// It does not hold a JSON object.
    NotJson,
    /// It lacks a field.
    MissingField,
    /// It has a field of another type than documented.
    WrongType,
    /// It has a field twice, so that readers may differ about what it says.
    DuplicateField,
    /// Its version is not 2.0.
    UnsupportedVersion,
    /// It was made for another application.
    OtherApp,
    /// It was made for another user.
    OtherUser,
    /// It was signed with another key, or altered.
    WrongKey,
    /// It was valid once.
    Expired,
}

serialize_as_word!(UserSigRejectionReason by code);

impl UserSigRejectionReason {
    /// A stable string for programs, such as `not_base64`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            UserSigRejectionReason::Empty => "empty",
            UserSigRejectionReason::NotBase64 => "not_base64",
            UserSigRejectionReason::NotZlib => "not_zlib",
            UserSigRejectionReason::TooLarge => "too_large",
            UserSigRejectionReason::TrailingBytes => "trailing_bytes",
            UserSigRejectionReason::NotJson => "not_json",
            UserSigRejectionReason::MissingField => "missing_field",
            UserSigRejectionReason::WrongType => "wrong_type",
            UserSigRejectionReason::DuplicateField => "duplicate_field",
            UserSigRejectionReason::UnsupportedVersion => "unsupported_version",
            UserSigRejectionReason::OtherApp => "other_app",
            UserSigRejectionReason::OtherUser => "other_user",
            UserSigRejectionReason::WrongKey => "wrong_key",
            UserSigRejectionReason::Expired => "expired",
        }
    }
}

impl fmt::Display for UserSigRejectionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
