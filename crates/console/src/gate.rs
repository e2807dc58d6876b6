//! What every request must pass before anything is done for it, and the headers that every answer has.
//!
//! | rule | against |
//! | --- | --- |
//! | `Host` is this console's own address | names that an attacker points at this machine (DNS rebinding) |
//! | `Origin`, where there is one, is this console's own | other pages |
//! | `X-Trtc-Console` on all but reading | forms of other pages, which cannot set a header |
//! | the session, below `/api/` | everybody else on this machine |
//!
//! Webhooks pass another one: [`is_of_a_browser`].

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::Shared;
use crate::api_error::ApiError;
use crate::connections::{self, Unread};

/// The page's scripts, styles and requests are its own, and wasm is the one thing it may compile.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    // Tells the page that it comes from a console and not from a server of files.
    (HeaderName::from_static(OWN_HEADER), "1"),
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A header that only a script of the same origin can set.
const OWN_HEADER: &str = "x-trtc-console";

/// More than any request of the page has, in bytes.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// The one path of the API that a page without a session may ask.
const SESSION_PATH: &str = "/api/session";

pub(crate) async fn keep(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match check(&shared, &request) {
        Ok(()) => pass(request, next).await,
        Err(failure) => failure.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Hands on a request whose body is there.
async fn pass(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match connections::read(body, MAX_BODY_BYTES).await {
        Ok(body) => next.run(Request::from_parts(head, body.into())).await,
        Err(Unread::TooLong) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(Unread::TooSlow) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

fn check(shared: &Shared, request: &Request) -> Result<(), ApiError> {
    let forbid = |code, message: &str| ApiError::refused(StatusCode::FORBIDDEN, code, message);
    let headers = request.headers();
    let host = text(headers, &HOST).filter(|host| is_own(host, shared.address));
    let Some(host) = host else {
        return Err(forbid(
            "wrong_host",
            "the Host header is not this console's address: open the URL that it printed",
        ));
    };
    let is_foreign = headers.contains_key(ORIGIN)
        && text(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://")) != Some(host);
    if is_foreign {
        let message = "this request comes from another page: only the console's own may send any";
        return Err(forbid("wrong_origin", message));
    }
    let path = request.uri().path();
    if !path.starts_with("/api/") || path == SESSION_PATH {
        return Ok(());
    }
    if !shared.session.is_open(headers) {
        return Err(ApiError::refused(
            StatusCode::UNAUTHORIZED,
            "session_refused",
            "this page has no session: open the URL that the console printed when it started",
        ));
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && text(headers, &HeaderName::from_static(OWN_HEADER)) != Some("1") {
        let message = "the header X-Trtc-Console: 1 is missing";
        return Err(forbid("header_required", message));
    }
    Ok(())
}

/// Whether a browser sent it for a page. The service that sends webhooks is none; any page could otherwise put calls on
/// the board, for which a browser asks nobody's leave. Not every `Sec-Fetch-…` is a browser's: Node's `fetch` sends
/// `Sec-Fetch-Mode`.
pub(crate) fn is_of_a_browser(headers: &HeaderMap) -> bool {
    let browsers_own = [ORIGIN, SEC_FETCH_SITE, SEC_FETCH_DEST];
    browsers_own.iter().any(|name| headers.contains_key(name))
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// A header that is there once.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).into_iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether a `Host` is the address that the console is bound to. `localhost` is this machine by
/// standard (RFC 6761) and not an attacker's to point elsewhere; on the unspecified address every address
/// of this machine will do, but no name.
fn is_own(host: &str, bound: SocketAddr) -> bool {
    let Some((name, port)) = host.rsplit_once(':') else {
        // Browsers leave out the port of http.
        return is_own_name(host, bound.ip()) && bound.port() == 80;
    };
    if host.ends_with(']') {
        return is_own_name(host, bound.ip()) && bound.port() == 80;
    }
    port.parse() == Ok(bound.port()) && is_own_name(name, bound.ip())
}

fn is_own_name(name: &str, bound: IpAddr) -> bool {
    if name == "localhost" {
        return bound.is_loopback() || bound.is_unspecified();
    }
    let address = match name.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(v6) => v6.parse().map(IpAddr::V6).ok(),
        None => name.parse().map(IpAddr::V4).ok(),
    };
    address.is_some_and(|address| address == bound || bound.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bound_address_is_its_own_host() {
        let bound = "127.0.0.1:8443".parse().unwrap();
        for own in ["127.0.0.1:8443", "localhost:8443"] {
            assert!(is_own(own, bound), "{own}");
        }
        for other in [
            "127.0.0.1",
            "127.0.0.1:8444",
            "127.0.0.2:8443",
            "localhost",
            "evil.example:8443",
            "127.0.0.1.evil.example:8443",
            "[::1]:8443",
            "[127.0.0.1]:8443",
            "",
            ":8443",
        ] {
            assert!(!is_own(other, bound), "{other}");
        }
        assert!(is_own("[::1]:81", "[::1]:81".parse().unwrap()));
        assert!(is_own("[::1]", "[::1]:80".parse().unwrap()));
        assert!(is_own("127.0.0.1", "127.0.0.1:80".parse().unwrap()));
        let everywhere = "0.0.0.0:81".parse().unwrap();
        assert!(is_own("192.168.0.7:81", everywhere));
        assert!(!is_own("evil.example:81", everywhere));
    }
}
