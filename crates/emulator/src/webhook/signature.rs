//! `Sign`, by the vendor's words rather than by the library's own verifier.

use sha2::{Digest as _, Sha256};
use trtc_call_core::UnixSeconds;
use trtc_call_core::webhook::WebhookToken;

/// Lower-case hexadecimal SHA-256 of the token and the decimal `RequestTime`.
pub(super) fn sign(token: &WebhookToken, request_time: UnixSeconds) -> String {
    let mut text = token.expose().to_vec();
    text.extend_from_slice(request_time.to_string().as_bytes());
    base16ct::lower::encode_string(&Sha256::digest(&text))
}
