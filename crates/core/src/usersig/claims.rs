//! What a UserSig says: reading its JSON object.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::signed_text::SignedText;
use super::{UserSigRejection, UserSigRejectionReason as Reason};
use crate::UnixSeconds;
use crate::wire::{self, FieldError, FieldErrorKind};

/// What a UserSig says.
///
/// Serialised as `{"version", "identifier", "sdkAppId", "time", "expire", "expiresAt", "userBuffer"}`,
/// the user buffer in base64 or null.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claims {
    /// The version of UserSigs: 2.0.
    pub version: Cow<'static, str>,
    /// The user.
    pub identifier: String,
    /// The application's SDKAppID.
    pub sdk_app_id: u64,
    /// When it was made.
    pub time: UnixSeconds,
    /// For how long it is valid, in seconds.
    pub expire_seconds: u64,
    /// Bytes that came along, such as a PrivateMapKey's rights.
    pub user_buffer: Option<Vec<u8>>,
}

impl Claims {
    /// The first second at which it is no longer valid.
    #[must_use]
    pub fn expires_at(&self) -> UnixSeconds {
        UnixSeconds(self.time.0.saturating_add(self.expire_seconds))
    }
}

impl Serialize for Claims {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shown<'a> {
            version: &'a str,
            identifier: &'a str,
            sdk_app_id: u64,
            time: UnixSeconds,
            expire: u64,
            expires_at: UnixSeconds,
            user_buffer: Option<String>,
        }

        let shown = Shown {
            version: &self.version,
            identifier: &self.identifier,
            sdk_app_id: self.sdk_app_id,
            time: self.time,
            expire: self.expire_seconds,
            expires_at: self.expires_at(),
            user_buffer: self
                .user_buffer
                .as_ref()
                .map(|buffer| STANDARD.encode(buffer)),
        };
        shown.serialize(serializer)
    }
}

/// A token's JSON, borrowed from it where it holds no escapes.
#[derive(Deserialize)]
struct WireClaims<'a> {
    #[serde(rename = "TLS.ver", borrow)]
    version: Cow<'a, str>,
    #[serde(rename = "TLS.identifier", borrow)]
    identifier: Cow<'a, str>,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u64,
    #[serde(rename = "TLS.time")]
    time: u64,
    #[serde(rename = "TLS.expire")]
    expire: u64,
    #[serde(rename = "TLS.sig", borrow)]
    signature: Cow<'a, str>,
    #[serde(rename = "TLS.userbuf", borrow, default, deserialize_with = "not_null")]
    user_buffer: Option<Cow<'a, str>>,
}

/// What may be missing but not `null`.
fn not_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(transparent)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

    Text::deserialize(deserializer).map(|Text(text)| Some(text))
}

/// The fields of a token's JSON, borrowed from it where they hold no escapes.
pub(super) struct ReadClaims<'a> {
    pub(super) version: Cow<'a, str>,
    pub(super) identifier: Cow<'a, str>,
    pub(super) sdk_app_id: u64,
    pub(super) time: u64,
    pub(super) expire: u64,
    pub(super) signature: [u8; 32],
    user_buffer: Option<(Cow<'a, str>, Vec<u8>)>,
}

impl<'a> ReadClaims<'a> {
    pub(super) fn parse(json: &'a [u8]) -> Result<ReadClaims<'a>, UserSigRejection> {
        let wire: WireClaims<'a> = wire::read("", object(json)?)?;
        let signature = decode_signature(&wire.signature)?;
        let user_buffer = match wire.user_buffer {
            None => None,
            Some(text) => {
                let bytes = decode_user_buffer(&text)?;
                Some((text, bytes))
            }
        };
        Ok(ReadClaims {
            version: wire.version,
            identifier: wire.identifier,
            sdk_app_id: wire.sdk_app_id,
            time: wire.time,
            expire: wire.expire,
            signature,
            user_buffer,
        })
    }

    pub(super) fn signed_text(&self) -> SignedText<'_> {
        SignedText {
            identifier: &self.identifier,
            sdk_app_id: self.sdk_app_id,
            time: self.time,
            expire: self.expire,
            user_buffer: self.user_buffer.as_ref().map(|(text, _)| text.as_ref()),
        }
    }

    pub(super) fn into_claims(self) -> Claims {
        Claims {
            version: if self.version == "2.0" {
                Cow::Borrowed("2.0")
            } else {
                Cow::Owned(self.version.into_owned())
            },
            identifier: self.identifier.into_owned(),
            sdk_app_id: self.sdk_app_id,
            time: UnixSeconds(self.time),
            expire_seconds: self.expire,
            user_buffer: self.user_buffer.map(|(_, bytes)| bytes),
        }
    }
}

/// The one object that a token consists of.
fn object(json: &[u8]) -> Result<&RawValue, UserSigRejection> {
    let reject = |reason, message: &str| Err(UserSigRejection::new(reason, message));
    let Ok(text) = std::str::from_utf8(json) else {
        return reject(
            Reason::NotJson,
            "the UserSig holds no JSON: it is not UTF-8",
        );
    };
    let mut values = serde_json::Deserializer::from_str(text);
    let object = match <&RawValue>::deserialize(&mut values) {
        Ok(object) if object.get().starts_with('{') => object,
        Ok(_) => return reject(Reason::NotJson, "the UserSig holds no JSON object"),
        Err(error) => {
            let message = format!("the UserSig holds no JSON: {error}");
            return reject(Reason::NotJson, &message);
        }
    };
    match values.end() {
        Ok(()) => Ok(object),
        Err(_) => reject(
            Reason::TrailingBytes,
            "something follows the UserSig's JSON object",
        ),
    }
}

fn decode_signature(text: &str) -> Result<[u8; 32], FieldError> {
    // One more than fits, which is what the decoder asks for.
    let mut bytes = [0; 33];
    match (STANDARD.decode_slice(text, &mut bytes), bytes.first_chunk()) {
        (Ok(32), Some(signature)) => Ok(*signature),
        _ => Err(FieldError::expected_at(
            "TLS.sig",
            "standard base64 of 32 bytes",
        )),
    }
}

fn decode_user_buffer(text: &str) -> Result<Vec<u8>, FieldError> {
    STANDARD
        .decode(text)
        .map_err(|_| FieldError::expected_at("TLS.userbuf", "standard base64"))
}

impl From<FieldError> for UserSigRejection {
    fn from(error: FieldError) -> UserSigRejection {
        let FieldError { path, expected, .. } = &error;
        let (reason, message) = match error.kind {
            FieldErrorKind::Missing => (
                Reason::MissingField,
                format!("the UserSig lacks the field {path}"),
            ),
            FieldErrorKind::Repeated => (
                Reason::DuplicateField,
                format!("the UserSig has the field {path} twice"),
            ),
            FieldErrorKind::NotText => (
                Reason::NotJson,
                format!("the UserSig's field {path}: half a surrogate pair"),
            ),
            FieldErrorKind::Null => (
                Reason::WrongType,
                format!("the UserSig's field {path} is null"),
            ),
            FieldErrorKind::WrongType | FieldErrorKind::Unknown => (
                Reason::WrongType,
                format!("the UserSig's field {path} is not {expected}"),
            ),
        };
        UserSigRejection::new(reason, message)
    }
}
