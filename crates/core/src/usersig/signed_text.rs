//! The text that is signed, and the key that signs it.

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

/// HMAC-SHA256 with the key schedule prepared.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    #[cfg_attr(
        not(test),
        expect(clippy::expect_used, reason = "cannot fail, as the text says")
    )]
    pub(super) fn new(key: &SecretKey) -> SigningKey {
        SigningKey(Hmac::new_from_slice(key.expose()).expect("HMAC takes keys of every length"))
    }

    pub(super) fn sign(&self, text: &SignedText<'_>) -> [u8; 32] {
        self.mac(text).finalize().into_bytes().into()
    }

    /// Whether `signature` is this key's. Takes the same time wherever they differ.
    pub(super) fn verify(&self, text: &SignedText<'_>, signature: &[u8; 32]) -> bool {
        self.mac(text).verify_slice(signature).is_ok()
    }

    fn mac(&self, text: &SignedText<'_>) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        let mut number = itoa::Buffer::new();
        mac.update(b"TLS.identifier:");
        mac.update(text.identifier.as_bytes());
        mac.update(b"\nTLS.sdkappid:");
        mac.update(number.format(text.sdk_app_id).as_bytes());
        mac.update(b"\nTLS.time:");
        mac.update(number.format(text.time).as_bytes());
        mac.update(b"\nTLS.expire:");
        mac.update(number.format(text.expire).as_bytes());
        if let Some(user_buffer) = text.user_buffer {
            mac.update(b"\nTLS.userbuf:");
            mac.update(user_buffer.as_bytes());
        }
        mac.update(b"\n");
        mac
    }
}
