//! One HTTP exchange with reqwest, and what its failures say about the request.

use std::time::Duration;

use trtc_call_core::client_defaults::MAX_REPLY_BYTES;
use trtc_call_core::{HttpRequest, ReplyHead, TransportError, TransportErrorKind};

/// A reply as it came.
pub(crate) struct RawReply {
    pub(crate) status: u16,
    pub(crate) head: ReplyHead,
    pub(crate) body: Vec<u8>,
}

/// Sends one request, and reads the reply.
pub(crate) async fn send(
    http_client: &reqwest::Client,
    request: HttpRequest,
    timeout: Duration,
) -> Result<RawReply, TransportError> {
    // The core's requests are POSTs.
    let mut builder = http_client
        .post(request.url)
        .timeout(timeout)
        .body(request.body);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    let mut response = builder.send().await.map_err(classify)?;
    let status = response.status().as_u16();
    let head = ReplyHead::read(|name| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    });
    let mut body = Vec::new();
    while body.len() < MAX_REPLY_BYTES
        && let Some(chunk) = response.chunk().await.map_err(classify)?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(RawReply { status, head, body })
}

/// A connection that was never made sent nothing; after that, nothing is certain.
fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind, describe(&error))
}

/// The innermost cause, which says what happened ("Connection refused"); the layers above it only
/// say where.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
