//! The text that is signed, and the key that signs it.

use std::fmt::{self, Write as _};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::SecretKey;

/// What a UserSig says, as far as the signature covers it.
pub(super) struct SignedText<'a> {
    pub(super) identifier: &'a str,
    pub(super) sdk_app_id: u64,
    pub(super) time: u64,
    pub(super) expire: u64,
    /// In standard base64.
    pub(super) user_buffer: Option<&'a str>,
}

impl fmt::Display for SignedText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SignedText {
            identifier,
            sdk_app_id,
            time,
            expire,
            user_buffer,
        } = self;
        writeln!(f, "TLS.identifier:{identifier}")?;
        writeln!(f, "TLS.sdkappid:{sdk_app_id}")?;
        writeln!(f, "TLS.time:{time}")?;
        writeln!(f, "TLS.expire:{expire}")?;
        if let Some(user_buffer) = user_buffer {
            writeln!(f, "TLS.userbuf:{user_buffer}")?;
        }
        Ok(())
    }
}

/// HMAC-SHA256 with the key schedule prepared.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    pub(super) fn new(key: &SecretKey) -> SigningKey {
        let hmac = match Hmac::new_from_slice(key.expose()) {
            Ok(hmac) => hmac,
            Err(_) => unreachable!("HMAC takes keys of every length"),
        };
        SigningKey(hmac)
    }

    pub(super) fn sign(&self, text: &SignedText<'_>) -> [u8; 32] {
        self.mac(text).finalize().into_bytes().into()
    }

    /// Whether `signature` is this key's. Takes the same time wherever they differ.
    pub(super) fn verify(&self, text: &SignedText<'_>, signature: &[u8; 32]) -> bool {
        self.mac(text).verify_slice(signature).is_ok()
    }

    fn mac(&self, text: &SignedText<'_>) -> Hmac<Sha256> {
        let mut line = String::new();
        // Writing to a String cannot fail.
        let _ = write!(line, "{text}");
        let mut mac = self.0.clone();
        mac.update(line.as_bytes());
        mac
    }
}
