//! What a UserSig says: reading its JSON object.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use trtc_call_json::Json;

use super::signed_text::SignedText;
use super::{UserSigRejection, UserSigRejectionReason as Reason};
use crate::UnixSeconds;

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
        let mut claims = serializer.serialize_struct("Claims", 7)?;
        claims.serialize_field("version", &self.version)?;
        claims.serialize_field("identifier", &self.identifier)?;
        claims.serialize_field("sdkAppId", &self.sdk_app_id)?;
        claims.serialize_field("time", &self.time)?;
        claims.serialize_field("expire", &self.expire_seconds)?;
        claims.serialize_field("expiresAt", &self.expires_at())?;
        let user_buffer = self
            .user_buffer
            .as_ref()
            .map(|buffer| STANDARD.encode(buffer));
        claims.serialize_field("userBuffer", &user_buffer)?;
        claims.end()
    }
}

/// The fields of a token's JSON, borrowed from it where they hold no escapes.
pub(super) struct Fields<'a> {
    pub(super) version: Cow<'a, str>,
    pub(super) identifier: Cow<'a, str>,
    pub(super) sdk_app_id: u64,
    pub(super) time: u64,
    pub(super) expire: u64,
    pub(super) signature: [u8; 32],
    user_buffer: Option<(Cow<'a, str>, Vec<u8>)>,
}

impl<'a> Fields<'a> {
    pub(super) fn parse(json: &'a [u8]) -> Result<Fields<'a>, UserSigRejection> {
        let raw = RawFields::parse(json)?;
        Ok(Fields {
            version: raw.text(Field::Version)?,
            identifier: raw.text(Field::Identifier)?,
            sdk_app_id: raw.number(Field::SdkAppId)?,
            time: raw.number(Field::Time)?,
            expire: raw.number(Field::Expire)?,
            signature: decode_signature(&raw.text(Field::Signature)?)?,
            user_buffer: match raw.get(Field::UserBuffer) {
                None => None,
                Some(_) => {
                    let text = raw.text(Field::UserBuffer)?;
                    let bytes = decode_user_buffer(&text)?;
                    Some((text, bytes))
                }
            },
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

fn decode_signature(text: &str) -> Result<[u8; 32], UserSigRejection> {
    // One more than fits, which is what the decoder asks for.
    let mut bytes = [0; 33];
    match (STANDARD.decode_slice(text, &mut bytes), bytes.first_chunk()) {
        (Ok(32), Some(signature)) => Ok(*signature),
        _ => Err(wrong_type(Field::Signature, "standard base64 of 32 bytes")),
    }
}

fn decode_user_buffer(text: &str) -> Result<Vec<u8>, UserSigRejection> {
    STANDARD
        .decode(text)
        .map_err(|_| wrong_type(Field::UserBuffer, "standard base64"))
}

fn wrong_type(field: Field, wanted: &str) -> UserSigRejection {
    let message = ["the UserSig's field ", field.name(), " is not ", wanted].concat();
    UserSigRejection::new(Reason::WrongType, message)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Field {
    Version,
    Identifier,
    SdkAppId,
    Time,
    Expire,
    Signature,
    UserBuffer,
}

impl Field {
    const ALL: [Field; 7] = [
        Field::Version,
        Field::Identifier,
        Field::SdkAppId,
        Field::Time,
        Field::Expire,
        Field::Signature,
        Field::UserBuffer,
    ];

    fn name(self) -> &'static str {
        match self {
            Field::Version => "TLS.ver",
            Field::Identifier => "TLS.identifier",
            Field::SdkAppId => "TLS.sdkappid",
            Field::Time => "TLS.time",
            Field::Expire => "TLS.expire",
            Field::Signature => "TLS.sig",
            Field::UserBuffer => "TLS.userbuf",
        }
    }

    fn from_name(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// Each field's value.
#[derive(Default)]
struct RawFields<'a>([Option<Json<'a>>; 7]);

impl<'a> RawFields<'a> {
    fn parse(json: &'a [u8]) -> Result<RawFields<'a>, UserSigRejection> {
        let not_json = |message: String| UserSigRejection::new(Reason::NotJson, message);
        let text = std::str::from_utf8(json)
            .map_err(|_| not_json("the UserSig holds no JSON: it is not UTF-8".to_owned()))?;
        let (object, rest) = Json::first(text)
            .map_err(|error| not_json(format!("the UserSig holds no JSON: {error}")))?;
        let members = object
            .members()
            .ok_or_else(|| not_json("the UserSig holds no JSON object".to_owned()))?;
        if !rest.is_empty() {
            return Err(UserSigRejection::new(
                Reason::TrailingBytes,
                "something follows the UserSig's JSON object",
            ));
        }
        let mut fields = RawFields::default();
        for (name, value) in members {
            let Some(field) = Field::from_name(&name) else {
                continue;
            };
            let slot = fields.0.get_mut(field as usize);
            if slot.is_some_and(|slot| slot.replace(value).is_some()) {
                return Err(UserSigRejection::new(
                    Reason::DuplicateField,
                    ["the UserSig has the field ", field.name(), " twice"].concat(),
                ));
            }
        }
        Ok(fields)
    }

    fn get(&self, field: Field) -> Option<Json<'a>> {
        self.0.get(field as usize).copied().flatten()
    }

    fn required(&self, field: Field) -> Result<Json<'a>, UserSigRejection> {
        self.get(field).ok_or_else(|| {
            UserSigRejection::new(
                Reason::MissingField,
                ["the UserSig lacks the field ", field.name()].concat(),
            )
        })
    }

    fn text(&self, field: Field) -> Result<Cow<'a, str>, UserSigRejection> {
        let value = self.required(field)?;
        if !value.is_string() {
            return Err(wrong_type(field, "a string"));
        }
        value.string().ok_or_else(|| {
            UserSigRejection::new(
                Reason::NotJson,
                [
                    "the UserSig's field ",
                    field.name(),
                    ": half a surrogate pair",
                ]
                .concat(),
            )
        })
    }

    fn number(&self, field: Field) -> Result<u64, UserSigRejection> {
        // JSON numbers have neither leading zeros nor a plus sign, so `parse` takes no more than it should.
        let number = self.required(field)?.as_str().parse();
        number.map_err(|_| wrong_type(field, "a whole number from 0 to 2^64 - 1"))
    }
}
