//! One HTTP exchange with reqwest, and what its failures say about the request.

use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;
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
    goes_by_proxies: bool,
) -> Result<RawReply, TransportError> {
    let secrets = request.secrets();
    // The core's requests are POSTs.
    let mut builder = http_client
        .post(request.url)
        .timeout(timeout)
        .body(request.body);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    let failed = |error| classify(error, goes_by_proxies);
    let mut response = builder.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let head = ReplyHead::read(|name| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(secrets.hide(value.to_owned()))
    });
    let mut body = Vec::new();
    while body.len() < MAX_REPLY_BYTES
        && let Some(chunk) = response.chunk().await.map_err(failed)?
    {
        body.extend_from_slice(&chunk);
    }
    let body = secrets.hide_in_body(body);
    Ok(RawReply { status, head, body })
}

/// What a failure of reqwest says about the request: a connection that was never made sent nothing; after that, nothing
/// is certain.
///
/// The message names the host, the proxy that the environment sets for it, and what happened. The error itself is the
/// [source](std::error::Error::source), without the URL, which is a secret.
#[must_use]
pub fn transport_error(error: reqwest::Error) -> TransportError {
    classify(error, true)
}

fn classify(error: reqwest::Error, goes_by_proxies: bool) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Interrupted
    };
    let way = error.url().map(|url| way(url, goes_by_proxies));
    let error = error.without_url();
    let happened = describe(&error);
    let message = match way {
        Some(way) => format!("{way}: {happened}"),
        None => happened,
    };
    TransportError::new(kind, message).caused_by(error)
}

/// Host and port, and those of the proxy before it: without path, query and credentials.
fn way(url: &Url, goes_by_proxies: bool) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let origin = url.origin().ascii_serialization().parse::<Uri>();
    let proxy = origin.ok().filter(|_| goes_by_proxies);
    let proxy = proxy.and_then(|uri| Matcher::from_system().intercept(&uri));
    let Some(proxy) = proxy else {
        return format!("{host}:{port}");
    };
    let by = proxy.uri().host().unwrap_or_default();
    match proxy.uri().port_u16() {
        Some(by_port) => format!("{host}:{port} by the proxy {by}:{by_port}"),
        None => format!("{host}:{port} by the proxy {by}"),
    }
}

/// The innermost cause, which says what happened ("Connection refused"); the layers above it only
/// say where.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let cause = cause.to_string();
    if error.is_connect() && error.is_timeout() {
        return format!("no connection in time ({cause})");
    }
    // What rustls says of an answer that is no TLS.
    if cause.contains("InvalidContentType") {
        return format!(
            "TLS failed, for what answers there does not speak it: was http:// meant? ({cause})"
        );
    }
    cause
}
