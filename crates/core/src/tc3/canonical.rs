//! The texts on the way from a request to its signature.

use sha2::{Digest as _, Sha256};

use super::{ALGORITHM, TERMINATOR};
use crate::UnixSeconds;
use crate::hex::lower_hex;

/// What is signed of a request, as text. `headers` are `name:value` lines, sorted, each with its line
/// break.
pub(super) fn canonical_request(headers: &str, signed_headers: &str, body: &[u8]) -> String {
    let payload = lower_hex(&Sha256::digest(body));
    ["POST\n/\n\n", headers, "\n", signed_headers, "\n", &payload].concat()
}

/// Day, service and protocol that a signature holds for.
pub(super) fn scope(date: &str, service: &str) -> String {
    [date, "/", service, "/", TERMINATOR].concat()
}

pub(super) fn string_to_sign(timestamp: UnixSeconds, scope: &str, canonical: &str) -> String {
    let hash = lower_hex(&Sha256::digest(canonical.as_bytes()));
    let mut number = itoa::Buffer::new();
    let timestamp = number.format(timestamp.0);
    [ALGORITHM, "\n", timestamp, "\n", scope, "\n", &hash].concat()
}
