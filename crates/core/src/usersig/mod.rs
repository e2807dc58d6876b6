//! UserSig, version 2.0: a user's password, signed with the application's key, compressed, expiring.
//!
//! ```
//! use trtc_call_core::usersig::{UserSigSigner, UserSigVerifier};
//! use trtc_call_core::{SdkAppId, SecretKey, UnixSeconds, UserId};
//!
//! let (app, key) = (SdkAppId::new(1400000000)?, SecretKey::new("the key")?);
//! let now = UnixSeconds(1700000000);
//!
//! let signer = UserSigSigner::new(app, &key); // once
//! let token = signer.sign(&UserId::new("jack")?, 3600, now);
//!
//! let verifier = UserSigVerifier::new(app, &key);
//! let claims = verifier.verify(token.as_str(), "jack", now)?;
//! assert_eq!(claims.expires_at(), UnixSeconds(1700003600));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! From the inside out, a token is: lines of text that are signed (`signed_text`), a JSON object with
//! the same fields and the signature (`shape` writes it, `claims` reads it), and a zlib stream of that in
//! base64, where `+ / =` became `* - _` (`token_writer` writes it, `unpack` reads it).

mod claims;
mod rejection;
mod shape;
mod signed_text;
mod signer;
mod token_writer;
mod unpack;
mod verifier;

use std::fmt;

use base64::alphabet::{Alphabet, Symbol};
use base64::engine::general_purpose::{GeneralPurpose, PAD};

pub use claims::Claims;
pub use rejection::{UserSigRejection, UserSigRejectionReason};
pub use signer::UserSigSigner;
pub use verifier::{UserSigVerifier, inspect};

/// A user's password: whoever holds it acts as that user until it expires. `Debug` hides it.
///
/// It holds letters, digits, `*`, `-` and `_` only, so that it needs no escaping in a URL.
#[derive(Clone, PartialEq, Eq)]
pub struct UserSig(String);

impl UserSig {
    /// Takes a token made elsewhere, as it is. To know whether it is valid, see [`UserSigVerifier`].
    pub fn from_token(token: impl Into<String>) -> UserSig {
        UserSig(token.into())
    }

    /// The token. Do not print it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UserSig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserSig(hidden)")
    }
}

/// The base64 of tokens. Within a token, the signature and the user buffer are in the standard one.
const TOKEN_BASE64: GeneralPurpose = GeneralPurpose::new(&TOKEN_ALPHABET, PAD);

const TOKEN_ALPHABET: Alphabet = match (
    Symbol::new(b'_'),
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-",
) {
    (Some(padding), symbols) => match Alphabet::new_with_padding(symbols, padding) {
        Ok(alphabet) => alphabet,
        Err(_) => base64::alphabet::STANDARD,
    },
    (None, _) => base64::alphabet::STANDARD,
};

/// The most that a token may hold once inflated, in bytes.
pub const MAX_INFLATED_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests;
