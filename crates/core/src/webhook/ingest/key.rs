use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{Problem, secret_text};

/// The key that the console and your server share, which signs the webhooks of stream ingest. Never
/// printed.
#[derive(Clone)]
pub struct IngestWebhookKey(Hmac<Sha256>);

impl IngestWebhookKey {
    /// Takes the key as the console shows it.
    ///
    /// # Errors
    /// If it is empty, or not what a console shows ([`secret_text::check`]).
    #[cfg_attr(
        not(test),
        expect(clippy::expect_used, reason = "cannot fail, as the text says")
    )]
    pub fn new(key: &str) -> Result<IngestWebhookKey, Problem> {
        let key = secret_text::check("ingest_webhook_key", key)?;
        let mac = Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of every length");
        Ok(IngestWebhookKey(mac))
    }

    /// The `Sign` header of that body: standard base64 of its HMAC-SHA256.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        mac.update(body);
        STANDARD.encode(mac.finalize().into_bytes())
    }

    /// Whether `sign` was made with this key and `body`. Takes the same time wherever they differ.
    pub(super) fn is_signature(&self, sign: &str, body: &[u8]) -> bool {
        let mut mac = self.0.clone();
        mac.update(body);
        STANDARD
            .decode(sign)
            .is_ok_and(|sign| mac.verify_slice(&sign).is_ok())
    }
}

impl fmt::Debug for IngestWebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IngestWebhookKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_base64_of_an_hmac() {
        let key = IngestWebhookKey::new("123654").unwrap();
        // printf '{}' | openssl dgst -sha256 -hmac 123654 -binary | base64
        let sign = "jL/V3fApl2p1HyOIhfCphukImT0GEapPCHUkL0sY7Qw=";
        assert_eq!(key.sign(b"{}"), sign);
        assert_ne!(key.sign(b"{} "), sign);
    }

    #[test]
    fn a_key_is_never_printed_and_never_empty_or_with_a_line_break() {
        let key = IngestWebhookKey::new("MARKED").unwrap();
        assert_eq!(format!("{key:?}"), "IngestWebhookKey(hidden)");
        for key in ["", " ", "MARKED\n"] {
            let problem = IngestWebhookKey::new(key).unwrap_err();
            assert_eq!(problem.field, "ingest_webhook_key");
            assert!(!problem.to_string().contains("MARKED"));
        }
    }
}
