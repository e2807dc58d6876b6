//! PrivateMapKey: a UserSig whose user buffer grants rights in one room.
//!
//! ```
//! use trtc_call_core::private_map_key::{PrivateMapKey, Privileges, inspect};
//! use trtc_call_core::usersig::UserSigSigner;
//! use trtc_call_core::{RoomId, SdkAppId, SecretKey, UnixSeconds, UserId};
//!
//! let signer = UserSigSigner::new(SdkAppId::new(1400000000)?, &SecretKey::new("the key")?);
//! let rights = Privileges::ENTER_ROOM | Privileges::RECEIVE_AUDIO;
//! let key = PrivateMapKey::new(UserId::new("jack")?, RoomId::text("lobby")?, rights)?;
//! let token = key.sign(&signer, 3600, UnixSeconds(1700000000));
//!
//! assert_eq!(inspect(token.as_str())?.grant.privileges.to_string(), "enter-room,receive-audio");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod grant;
mod privileges;

use std::fmt;

use serde::Serialize;

pub use grant::{Grant, MalformedGrant};
pub use privileges::Privileges;

use crate::quoted::quoted;
use crate::usersig::{Claims, UserSigRejection, UserSigSigner};
use crate::{Problem, ProblemCode, RoomId, UnixSeconds, UserId, UserSig};

/// Rights of one user in one room, to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateMapKey {
    user: UserId,
    room: RoomId,
    privileges: Privileges,
}

impl PrivateMapKey {
    /// Grants `user` the `privileges` in `room`.
    ///
    /// # Errors
    /// If the user's name is longer than the 65535 bytes that fit (only [`UserId::any`] makes such), or
    /// the room is the number 0 or 4294967295.
    pub fn new(
        user: UserId,
        room: RoomId,
        privileges: Privileges,
    ) -> Result<PrivateMapKey, Problem> {
        if user.as_str().len() > usize::from(u16::MAX) {
            return Err(Problem::new(
                "user",
                format!(
                    "must be at most {} bytes long, not {}",
                    u16::MAX,
                    user.as_str().len()
                ),
                "use a conforming UserID",
            )
            .coded(ProblemCode::TooLong)
            .with("max", u16::MAX)
            .with("found", user.as_str().len()));
        }
        // A string room that the service reported has not passed the check.
        let room = match room {
            RoomId::Number(_) => room,
            RoomId::Text(text) => RoomId::text(text.as_str())?,
        };
        Ok(PrivateMapKey {
            user,
            room,
            privileges,
        })
    }

    /// The token, valid from `now` for `expire_seconds`.
    ///
    /// The rights' own end has 32 bits only: they end in the year 2106 if not before.
    #[must_use]
    pub fn sign(&self, signer: &UserSigSigner, expire_seconds: u64, now: UnixSeconds) -> UserSig {
        let expires_at = now.0.saturating_add(expire_seconds);
        let grant = Grant {
            account: self.user.clone(),
            sdk_app_id: signer.sdk_app_id().get(),
            room: self.room.clone(),
            expires_at: u32::try_from(expires_at).unwrap_or(u32::MAX),
            privileges: self.privileges,
            account_type: 0,
        };
        signer.sign_with_user_buffer(&self.user, &grant.to_bytes(), expire_seconds, now)
    }
}

/// What a PrivateMapKey says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Inspected {
    /// What the UserSig says, whose user buffer holds the grant.
    pub claims: Claims,
    /// The rights.
    pub grant: Grant,
}

/// What the PrivateMapKey `token` says. **Verifies nothing**: see
/// [`UserSigVerifier`](crate::usersig::UserSigVerifier), whose claims' user buffer
/// [`Grant::from_bytes`] reads.
///
/// # Errors
/// If it is no UserSig, or its user buffer is no grant.
pub fn inspect(token: &str) -> Result<Inspected, NotAPrivateMapKey> {
    let claims = crate::usersig::inspect(token)?;
    let grant = grant(&claims)?;
    Ok(Inspected { claims, grant })
}

/// The rights that a UserSig carries, as `inspect` and a verifier of UserSigs read it.
///
/// # Errors
/// If it carries none, or those of another user or application than its own: the service refuses such a
/// token.
pub fn grant(claims: &Claims) -> Result<Grant, NotAPrivateMapKey> {
    let buffer = claims.user_buffer.as_deref();
    let grant = Grant::from_bytes(buffer.ok_or(NotAPrivateMapKey::NoUserBuffer)?)?;
    if grant.account.as_str() != claims.identifier {
        return Err(NotAPrivateMapKey::OtherUser {
            granted: grant.account,
            identifier: claims.identifier.clone(),
        });
    }
    if u64::from(grant.sdk_app_id) != claims.sdk_app_id {
        return Err(NotAPrivateMapKey::OtherApp {
            granted: grant.sdk_app_id,
            sdk_app_id: claims.sdk_app_id,
        });
    }
    Ok(grant)
}

/// Why a token is no PrivateMapKey.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAPrivateMapKey {
    /// It is no UserSig either.
    UserSig(UserSigRejection),
    /// It is a UserSig without a user buffer.
    NoUserBuffer,
    /// Its user buffer is no grant.
    Malformed(MalformedGrant),
    /// It grants rights to another user than the UserSig's own.
    OtherUser {
        /// Who has the rights.
        granted: UserId,
        /// Whose UserSig it is.
        identifier: String,
    },
    /// It grants rights in another application than the UserSig's own.
    OtherApp {
        /// Where the rights hold.
        granted: u32,
        /// Whose UserSig it is.
        sdk_app_id: u64,
    },
}

impl NotAPrivateMapKey {
    /// A stable string for programs: a UserSig's reason such as `not_base64`, `no_user_buffer`, a
    /// [`MalformedGrant`]'s, `grant_of_other_user` or `grant_of_other_app`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NotAPrivateMapKey::UserSig(rejection) => rejection.reason().code(),
            NotAPrivateMapKey::NoUserBuffer => "no_user_buffer",
            NotAPrivateMapKey::Malformed(error) => error.code(),
            NotAPrivateMapKey::OtherUser { .. } => "grant_of_other_user",
            NotAPrivateMapKey::OtherApp { .. } => "grant_of_other_app",
        }
    }
}

impl fmt::Display for NotAPrivateMapKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAPrivateMapKey::UserSig(rejection) => rejection.fmt(f),
            NotAPrivateMapKey::NoUserBuffer => f.write_str(
                "this is a plain UserSig: it has no user buffer, which would hold rights",
            ),
            NotAPrivateMapKey::Malformed(error) => error.fmt(f),
            NotAPrivateMapKey::OtherUser {
                granted,
                identifier,
            } => write!(
                f,
                "its rights are those of {}, and its UserSig is that of {}: the service refuses it",
                quoted(granted.as_str()),
                quoted(identifier)
            ),
            NotAPrivateMapKey::OtherApp {
                granted,
                sdk_app_id,
            } => write!(
                f,
                "its rights are those of the application {granted}, and its UserSig is that of {sdk_app_id}: the service refuses it"
            ),
        }
    }
}

impl std::error::Error for NotAPrivateMapKey {}

impl From<UserSigRejection> for NotAPrivateMapKey {
    fn from(rejection: UserSigRejection) -> NotAPrivateMapKey {
        NotAPrivateMapKey::UserSig(rejection)
    }
}

impl From<MalformedGrant> for NotAPrivateMapKey {
    fn from(error: MalformedGrant) -> NotAPrivateMapKey {
        NotAPrivateMapKey::Malformed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SdkAppId, SecretKey};

    fn signer() -> UserSigSigner {
        let key = SecretKey::new("a key").unwrap();
        UserSigSigner::new(SdkAppId::new(7).unwrap(), &key)
    }

    #[test]
    fn a_user_sig_without_rights_is_told_apart_from_what_is_no_user_sig() {
        let user = UserId::any("jack");
        let plain = signer().sign(&user, 60, UnixSeconds(0));
        assert_eq!(
            inspect(plain.as_str()).unwrap_err().code(),
            "no_user_buffer"
        );
        let other = signer().sign_with_user_buffer(&user, b"", 60, UnixSeconds(0));
        assert_eq!(
            inspect(other.as_str()).unwrap_err().code(),
            "user_buffer_too_short"
        );
        assert_eq!(inspect("!").unwrap_err().code(), "not_base64");
    }

    #[test]
    fn rights_end_in_2106_at_the_latest() {
        let key = PrivateMapKey::new(
            UserId::any("jack"),
            RoomId::number(1).unwrap(),
            Privileges::ALL,
        )
        .unwrap();
        for (expire, now) in [
            (u64::MAX, 1),
            (1, u64::from(u32::MAX)),
            (u64::MAX, u64::MAX),
        ] {
            let token = key.sign(&signer(), expire, UnixSeconds(now));
            assert_eq!(inspect(token.as_str()).unwrap().grant.expires_at, u32::MAX);
        }
    }

    #[test]
    fn rights_of_another_user_or_application_than_the_token_are_told() {
        let grant = |account: &str, sdk_app_id| Grant {
            account: UserId::any(account),
            sdk_app_id,
            room: RoomId::number(1).unwrap(),
            expires_at: 2,
            privileges: Privileges::ALL,
            account_type: 0,
        };
        for (grant, code) in [
            (grant("jack", 7), None),
            (grant("rose", 7), Some("grant_of_other_user")),
            (grant("jack", 8), Some("grant_of_other_app")),
        ] {
            let token = signer().sign_with_user_buffer(
                &UserId::any("jack"),
                &grant.to_bytes(),
                60,
                UnixSeconds(1),
            );
            let result = inspect(token.as_str());
            assert_eq!(result.as_ref().err().map(NotAPrivateMapKey::code), code);
            if let Err(error) = result {
                assert!(
                    error.to_string().ends_with("the service refuses it"),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let new = |user: String, room| PrivateMapKey::new(UserId::any(user), room, Privileges::ALL);
        assert_eq!(
            new("x".repeat(65536), RoomId::number(1).unwrap())
                .unwrap_err()
                .field,
            "user"
        );
        assert!(new("x".repeat(65535), RoomId::number(1).unwrap()).is_ok());
        assert_eq!(
            new("x".into(), RoomId::reported_text(""))
                .unwrap_err()
                .field,
            "room"
        );
    }
}
