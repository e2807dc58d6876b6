use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Credential, TERMINATOR};

/// HMAC-SHA256 with the key of one day and one service.
#[derive(Clone)]
pub(super) struct DayKey(Hmac<Sha256>);

impl DayKey {
    pub(super) fn derive(credential: &Credential, date: &str, service: &str) -> DayKey {
        let mut secret = Zeroizing::new(b"TC3".to_vec());
        secret.extend_from_slice(credential.expose_secret_key());
        let day = mac(&secret, date.as_bytes());
        let service = mac(day.as_ref(), service.as_bytes());
        let signing = mac(service.as_ref(), TERMINATOR.as_bytes());
        DayKey(keyed(signing.as_ref()))
    }

    pub(super) fn sign(&self, text: &str) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Whether `signature` is this key's. Takes the same time wherever they differ.
    pub(super) fn verify(&self, text: &str, signature: &[u8; 32]) -> bool {
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        mac.verify_slice(signature).is_ok()
    }
}

fn mac(key: &[u8], text: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac = keyed(key);
    mac.update(text);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg_attr(
    not(test),
    expect(clippy::expect_used, reason = "cannot fail, as the text says")
)]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}
