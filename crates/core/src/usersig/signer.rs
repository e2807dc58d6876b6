use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::UserSig;
use super::shape::Shape;
use super::signed_text::{SignedText, SigningKey};
use crate::{SdkAppId, SecretKey, UnixSeconds, UserId};

/// Makes UserSigs for one application. Cheap to use: keep one and sign with it from every thread.
#[derive(Clone)]
pub struct UserSigSigner {
    sdk_app_id: SdkAppId,
    key: SigningKey,
    shape: Shape,
}

impl UserSigSigner {
    /// Prepares the key, so that each signature costs less.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, key: &SecretKey) -> UserSigSigner {
        UserSigSigner {
            sdk_app_id,
            key: SigningKey::new(key),
            shape: Shape::new(sdk_app_id.get()),
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
        expire_seconds: u64,
        now: UnixSeconds,
    ) -> UserSig {
        let text = SignedText {
            identifier: user.as_str(),
            sdk_app_id: self.sdk_app_id.get().into(),
            time: now.0,
            expire: expire_seconds,
            user_buffer,
        };
        UserSig::from_token(self.shape.token(&text, &self.key.sign(&text)))
    }
}

impl fmt::Debug for UserSigSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSigSigner")
            .field("sdk_app_id", &self.sdk_app_id)
            .finish_non_exhaustive()
    }
}
