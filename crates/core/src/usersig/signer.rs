use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::signed_text::{SignedText, SigningKey};
use super::{TOKEN_BASE64, UserSig};
use crate::{SdkAppId, SecretKey, UnixSeconds, UserId};

/// Makes UserSigs for one application. Cheap to use: keep one and sign with it from every thread.
#[derive(Clone)]
pub struct UserSigSigner {
    sdk_app_id: SdkAppId,
    key: SigningKey,
}

impl UserSigSigner {
    /// Prepares the key, so that each signature costs less.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, key: &SecretKey) -> UserSigSigner {
        UserSigSigner {
            sdk_app_id,
            key: SigningKey::new(key),
        }
    }

    /// A token for `user`, valid from `now` for `expire_seconds`.
    #[must_use]
    pub fn sign(&self, user: &UserId, expire_seconds: u64, now: UnixSeconds) -> UserSig {
        self.sign_fields(user, None, expire_seconds, now)
    }

    /// A token that carries `user_buffer` too, such as a
    /// [`PrivateMapKey`](crate::private_map_key::PrivateMapKey)'s. An empty buffer is a buffer: it is
    /// signed and sent.
    #[must_use]
    pub fn sign_with_user_buffer(
        &self,
        user: &UserId,
        user_buffer: &[u8],
        expire_seconds: u64,
        now: UnixSeconds,
    ) -> UserSig {
        self.sign_fields(
            user,
            Some(&STANDARD.encode(user_buffer)),
            expire_seconds,
            now,
        )
    }

    /// The application whose users these tokens are for.
    #[must_use]
    pub fn sdk_app_id(&self) -> SdkAppId {
        self.sdk_app_id
    }

    fn sign_fields(
        &self,
        user: &UserId,
        user_buffer: Option<&str>,
        expire: u64,
        now: UnixSeconds,
    ) -> UserSig {
        let text = SignedText {
            identifier: user.as_str(),
            sdk_app_id: self.sdk_app_id.get().into(),
            time: now.0,
            expire,
            user_buffer,
        };
        let signature = STANDARD.encode(self.key.sign(&text));
        let fields = Fields {
            version: "2.0",
            sdk_app_id: text.sdk_app_id,
            identifier: text.identifier,
            time: text.time,
            expire,
            signature: &signature,
            user_buffer,
        };
        // Strings and numbers always serialise.
        let json = serde_json::to_vec(&fields).unwrap_or_default();
        UserSig(TOKEN_BASE64.encode(miniz_oxide::deflate::compress_to_vec_zlib(&json, 6)))
    }
}

#[derive(Serialize)]
struct Fields<'a> {
    #[serde(rename = "TLS.ver")]
    version: &'a str,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: u64,
    #[serde(rename = "TLS.identifier")]
    identifier: &'a str,
    #[serde(rename = "TLS.time")]
    time: u64,
    #[serde(rename = "TLS.expire")]
    expire: u64,
    #[serde(rename = "TLS.sig")]
    signature: &'a str,
    #[serde(rename = "TLS.userbuf", skip_serializing_if = "Option::is_none")]
    user_buffer: Option<&'a str>,
}

impl fmt::Debug for UserSigSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSigSigner")
            .field("sdk_app_id", &self.sdk_app_id)
            .finish_non_exhaustive()
    }
}
