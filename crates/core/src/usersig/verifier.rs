use std::fmt;

use super::claims::{Claims, ReadClaims};
use super::signed_text::SigningKey;
use super::unpack::unpack;
use super::{UserSigRejection, UserSigRejectionReason as Reason};
use crate::quoted::quoted;
use crate::{SdkAppId, SecretKey, UnixSeconds};

/// Checks UserSigs of one application. Keep one and use it from every thread.
#[derive(Clone)]
pub struct UserSigVerifier {
    sdk_app_id: SdkAppId,
    key: SigningKey,
}

impl UserSigVerifier {
    /// Prepares the key, so that each check costs less.
    #[must_use]
    pub fn new(sdk_app_id: SdkAppId, key: &SecretKey) -> UserSigVerifier {
        UserSigVerifier {
            sdk_app_id,
            key: SigningKey::new(key),
        }
    }

    /// What `token` says, if it is `user`'s, of this application and key, and valid at `now`: it is
    /// valid while `now` is before its [`expires_at`](Claims::expires_at).
    ///
    /// # Errors
    /// The first of [`UserSigRejectionReason`](super::UserSigRejectionReason) that holds.
    pub fn verify(
        &self,
        token: &str,
        user: &str,
        now: UnixSeconds,
    ) -> Result<Claims, UserSigRejection> {
        let json = unpack(token)?;
        let fields = supported(ReadClaims::parse(&json)?)?;
        let refuse = |reason, message| Err(UserSigRejection::new(reason, message));
        let refusal = if fields.sdk_app_id != u64::from(self.sdk_app_id.get()) {
            refuse(
                Reason::OtherApp,
                format!(
                    "the UserSig was made for SDKAppID {}, not {}",
                    fields.sdk_app_id, self.sdk_app_id
                ),
            )
        } else if fields.identifier != user {
            refuse(
                Reason::OtherUser,
                format!(
                    "the UserSig was made for the user {}, not {}",
                    quoted(&fields.identifier),
                    quoted(user)
                ),
            )
        } else if !self.key.verify(&fields.signed_text(), &fields.signature) {
            refuse(
                Reason::WrongKey,
                "the UserSig was signed with another secret key, or altered".to_owned(),
            )
        } else {
            Ok(())
        };
        let claims = fields.into_claims();
        if let Err(rejection) = refusal {
            return Err(rejection.with_claims(claims));
        }
        let expires_at = claims.expires_at();
        if now >= expires_at {
            let message = format!(
                "the UserSig expired at {expires_at} (Unix seconds), {} seconds ago: it was made at {} for {} seconds",
                now.0 - expires_at.0,
                claims.time,
                claims.expire_seconds
            );
            return Err(UserSigRejection::new(Reason::Expired, message).with_claims(claims));
        }
        Ok(claims)
    }
}

impl fmt::Debug for UserSigVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSigVerifier")
            .field("sdk_app_id", &self.sdk_app_id)
            .finish_non_exhaustive()
    }
}

/// What `token` says. **Verifies nothing**: anybody can make a token that says anything.
///
/// # Errors
/// If it cannot be read, or is not of version 2.0.
pub fn inspect(token: &str) -> Result<Claims, UserSigRejection> {
    let json = unpack(token)?;
    Ok(supported(ReadClaims::parse(&json)?)?.into_claims())
}

fn supported(fields: ReadClaims<'_>) -> Result<ReadClaims<'_>, UserSigRejection> {
    if fields.version == "2.0" {
        return Ok(fields);
    }
    let message = format!(
        "the UserSig's version is {}, not \"2.0\"",
        quoted(&fields.version)
    );
    Err(UserSigRejection::new(Reason::UnsupportedVersion, message)
        .with_claims(fields.into_claims()))
}
