//! The texts on the way from a request to its signature.

use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};

use super::{ALGORITHM, TERMINATOR};
use crate::UnixSeconds;

/// What is signed of a request, as text. `headers` are `name:value` lines, sorted, each with its line
/// break.
pub(super) fn canonical_request(headers: &str, signed_headers: &str, body: &[u8]) -> String {
    let payload = encode_string(&Sha256::digest(body));
    format!("POST\n/\n\n{headers}\n{signed_headers}\n{payload}")
}

/// Day, service and protocol that a signature holds for.
pub(super) fn scope(date: &str, service: &str) -> String {
    format!("{date}/{service}/{TERMINATOR}")
}

pub(super) fn string_to_sign(timestamp: UnixSeconds, scope: &str, canonical: &str) -> String {
    let hash = encode_string(&Sha256::digest(canonical.as_bytes()));
    format!("{ALGORITHM}\n{timestamp}\n{scope}\n{hash}")
}
