//! What can go wrong, by moment: building, transport, the service's refusal, reading the reply.

use std::fmt;

use crate::endpoint::find_name;
use crate::http_status;
use crate::quoted::{printable, quoted};
use crate::retry::Effect;
use crate::word::{display_as_word, serialize_as_word};
use crate::{
    CallId, Cause, CloudError, ErrorCode, InvalidRequest, OutcomeUnknown, Region, Repeat,
    ReplyHead, RingAttempt, UnixSeconds,
};

/// Why a request did not give a response.
///
/// [`code`](Self::code) is the same string in every language this library speaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Building: the request breaks rules, and nothing was sent.
    #[error(transparent)]
    Build(#[from] InvalidRequest),
    /// Transport: no reply came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The service answered, and refused.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The cloud API (stream ingest, rooms) answered, and refused.
    #[error(transparent)]
    Cloud(#[from] Box<CloudError>),
    /// A reply came that is not what the service documents.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// A call was sent, and whether it rings is unknown. It was not sent again.
    #[error(transparent)]
    OutcomeUnknown(#[from] Box<OutcomeUnknown>),
}

impl Error {
    /// A stable string for programs: `invalid_request`, a [`TransportErrorKind`] or
    /// [`ParseErrorKind`], the name of an [`ErrorCode`] or of a
    /// [`CloudErrorCode`](crate::CloudErrorCode), or `outcome_unknown`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Build(_) => "invalid_request",
            Error::Transport(error) => error.kind.code(),
            Error::Server(error) => error.code.name(),
            Error::Cloud(error) => error.code.name(),
            Error::Parse(error) => error.kind.code(),
            Error::OutcomeUnknown(_) => "outcome_unknown",
        }
    }

    /// The moment, as a string: `build`, `transport`, `server`, `parse` or `outcome_unknown`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Error::Build(_) => "build",
            Error::Transport(_) => "transport",
            Error::Server(_) | Error::Cloud(_) => "server",
            Error::Parse(_) => "parse",
            Error::OutcomeUnknown(_) => "outcome_unknown",
        }
    }

    /// The service's name for the request, which its support asks for, if a reply carried one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Error::Build(_) | Error::Transport(_) => None,
            Error::Server(error) => error.request_id.as_deref(),
            Error::Cloud(error) => error.request_id.as_deref(),
            Error::Parse(error) => error.request_id.as_deref(),
            Error::OutcomeUnknown(error) => error.cause.request_id(),
        }
    }

    /// The call that the reply names, though the reply cannot be read: where it was to a `start_call_by_robot`,
    /// that call may ring.
    #[must_use]
    pub fn call_id(&self) -> Option<&CallId> {
        match self {
            Error::Parse(error) => error.call_id.as_deref(),
            Error::OutcomeUnknown(error) => error.cause.call_id(),
            Error::Build(_) | Error::Transport(_) | Error::Server(_) | Error::Cloud(_) => None,
        }
    }

    /// What is known about the request's effect.
    #[must_use]
    pub fn effect(&self) -> Effect {
        match self {
            Error::Build(_) => Effect::Refused,
            Error::Transport(error) => error.kind.effect(),
            Error::Server(error) => error.code.effect(),
            Error::Cloud(error) => error.code.effect(),
            Error::Parse(error) => error.effect(),
            Error::OutcomeUnknown(_) => Effect::Unknown,
        }
    }

    /// Whether the same request may be sent again without doing anything twice, and may then succeed.
    #[must_use]
    pub fn is_retryable(&self, repeat: Repeat) -> bool {
        if let Error::Transport(TransportError {
            kind: TransportErrorKind::Cancelled,
            ..
        }) = self
        {
            return false; // Whoever cancelled does not want another attempt.
        }
        match self.effect() {
            Effect::None => true,
            Effect::Refused => false,
            Effect::Unknown => !self.may_have_started(repeat) && !self.is_lasting(),
        }
    }

    /// Whether a phone may be ringing in spite of the error.
    #[must_use]
    pub fn may_have_rung(&self, repeat: Repeat) -> bool {
        let rings = repeat == Repeat::RingsAgain || matches!(self, Error::OutcomeUnknown(_));
        rings && self.outcome_is_unknown()
    }

    /// Whether the request may have taken effect in spite of the error. What a repeat of it would do is another matter:
    /// see [`may_have_started`](Self::may_have_started) and [`is_retryable`](Self::is_retryable).
    ///
    /// ```
    /// use trtc_call_core::{Error, TransportError, TransportErrorKind};
    ///
    /// let error = |kind| Error::from(TransportError::new(kind, "example.com:443"));
    /// assert!(error(TransportErrorKind::Timeout).outcome_is_unknown());
    /// assert!(!error(TransportErrorKind::Connect).outcome_is_unknown());
    /// ```
    #[must_use]
    pub fn outcome_is_unknown(&self) -> bool {
        self.effect() == Effect::Unknown
    }

    /// Whether the request may have started, in spite of the error, what a repeat would start a second time:
    /// a phone may be ringing, or a stream be playing.
    #[must_use]
    pub fn may_have_started(&self, repeat: Repeat) -> bool {
        let starts = repeat != Repeat::Harmless || matches!(self, Error::OutcomeUnknown(_));
        starts && self.outcome_is_unknown()
    }

    /// Whether the same request would be answered so again: refused, redirected, not found.
    pub(crate) fn is_lasting(&self) -> bool {
        let is_lasting = matches!(self, Error::Parse(error) if error.is_lasting());
        is_lasting || self.effect() == Effect::Refused
    }

    /// Adds what the reply alone does not tell: where a redirect leads to, by how much this machine's clock is off, or
    /// which region it was that does not know the application. The request was sent to `host`, as
    /// [`HttpRequest::host`](crate::HttpRequest::host) names it, and signed at `signed_at`.
    pub fn explain(&mut self, head: &ReplyHead, host: &str, signed_at: UnixSeconds) {
        match self {
            Error::Server(error) if error.code == ErrorCode::OTHER_REGION => {
                error.sent_to = Some(named_host(host));
            }
            Error::Cloud(error) => {
                if let Some(date) = &head.date {
                    error.explain_clock(date, signed_at);
                }
            }
            Error::Parse(error) if error.kind == ParseErrorKind::HttpStatus => {
                error.location = head.shown_location();
            }
            _ => {}
        }
    }

    /// What to report of a request whose outcome is unknown ([`Decision::OutcomeUnknown`](crate::Decision)), which was
    /// sent at `sent_at` and failed at `failed_at` with `cause`: [`Error::OutcomeUnknown`] where it rings
    /// ([`Endpoint::ring_attempt`](crate::Endpoint::ring_attempt)), and the cause itself where it starts a stream.
    #[must_use]
    pub fn unknown_outcome(
        ring: Option<RingAttempt>,
        sent_at: UnixSeconds,
        failed_at: UnixSeconds,
        cause: Error,
    ) -> Error {
        match ring {
            Some(ring) => Box::new(OutcomeUnknown::new(ring, sent_at, failed_at, cause)).into(),
            None => cause,
        }
    }

    /// Whether what the request names is not there (any more): the call, the task, the room, or the user in
    /// it. For who cleans up, that is success.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        match self {
            Error::Server(error) => error.code == ErrorCode::CALL_NOT_FOUND,
            Error::Cloud(error) => error.is_gone(),
            _ => false,
        }
    }
}

/// No reply came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportError {
    /// How far the request got.
    pub kind: TransportErrorKind,
    /// What the HTTP client said, without the URL.
    pub message: String,
    /// The HTTP client's own error, if it is kept. The message tells it, so that it is no
    /// [`source`](std::error::Error::source): who prints the whole chain would print it twice.
    pub cause: Option<Cause>,
}

impl TransportError {
    /// A failure of the HTTP client. `message` must not hold the URL: it is a secret.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> TransportError {
        TransportError {
            kind,
            message: message.into(),
            cause: None,
        }
    }

    /// The same with the HTTP client's own error, which must not hold the URL either.
    #[must_use]
    pub fn caused_by(
        mut self,
        error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> TransportError {
        self.cause = Some(Cause::new(error));
        self
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl std::error::Error for TransportError {}

/// How far a request got that was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection was made, so that nothing was sent: refused, name not found, TLS failed.
    Connect,
    /// No reply within the time allowed; the request may have been received.
    Timeout,
    /// The connection broke after the request was begun; it may have been received.
    Interrupted,
    /// The caller gave up waiting; the request may have been received.
    Cancelled,
    /// Nothing was sent: the client's own rate limit would have made it wait longer than it may.
    RateLimit,
}

serialize_as_word!(TransportErrorKind by code);

impl TransportErrorKind {
    /// A stable string for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            TransportErrorKind::Connect => "connect_failed",
            TransportErrorKind::Timeout => "timeout",
            TransportErrorKind::Interrupted => "connection_interrupted",
            TransportErrorKind::Cancelled => "cancelled",
            TransportErrorKind::RateLimit => "rate_limit_wait",
        }
    }

    /// What is known about the request's effect.
    #[must_use]
    pub fn effect(self) -> Effect {
        match self {
            TransportErrorKind::Connect | TransportErrorKind::RateLimit => Effect::None,
            TransportErrorKind::Timeout
            | TransportErrorKind::Interrupted
            | TransportErrorKind::Cancelled => Effect::Unknown,
        }
    }
}

impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TransportErrorKind::Connect => "no connection was made",
            TransportErrorKind::Timeout => "no reply in time",
            TransportErrorKind::Interrupted => "the connection broke before the reply was complete",
            TransportErrorKind::Cancelled => "cancelled before the reply came",
            TransportErrorKind::RateLimit => {
                "not sent, for it would wait too long for the rate limit"
            }
        })
    }
}

/// The service answered with an error code.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerError {
    /// `ErrorCode`. A code this library does not know is data like any other.
    pub code: ErrorCode,
    /// `ErrorInfo`: the service's own words.
    pub info: String,
    /// `RequestId`: quote it when you ask for support. Early refusals come without one.
    pub request_id: Option<String>,
    /// The whole reply.
    pub body: String,
    /// The region or host that does not know the application, such as `singapore (adminapisgp.im.qcloud.com)`, if
    /// [`Error::explain`] was told.
    pub sent_to: Option<String>,
}

impl ServerError {
    /// A refusal for tests and mocks, without RequestId and body; set what differs.
    pub fn new(code: ErrorCode, info: impl Into<String>) -> ServerError {
        ServerError {
            code,
            info: info.into(),
            request_id: None,
            body: String::new(),
            sent_to: None,
        }
    }
}

/// A host, behind its region's name if it is one of the vendor's.
fn named_host(host: &str) -> String {
    match Region::with_host(host) {
        Some(region) => format!("{} ({host})", region.name()),
        None => printable(host),
    }
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service refused: {}", self.code)?;
        if !self.info.is_empty() {
            write!(f, " ({})", printable(&self.info))?;
        }
        if let Some(entry) = self.code.entry() {
            write!(f, "; {}", entry.what_to_do)?;
        }
        if let Some(sent_to) = &self.sent_to {
            write!(f, "; this went to {sent_to}")?;
        }
        match &self.request_id {
            Some(id) => write!(f, " [RequestId {}]", printable(id)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ServerError {}

/// A reply that is not what the service documents.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseError {
    /// What is wrong with it.
    pub kind: ParseErrorKind,
    /// The HTTP status.
    pub status: u16,
    /// Where a redirect leads to, without user, query and fragment, if [`Error::explain`] was told. It is not
    /// followed.
    pub location: Option<String>,
    /// `RequestId`, if one could be found.
    pub request_id: Option<String>,
    /// `CallId`, if one could be found. (In a box, since it is seldom there and errors are moved about.)
    pub call_id: Option<Box<CallId>>,
    /// What and where.
    pub message: String,
    /// The beginning of the body, at most 200 bytes, what is not UTF-8 replaced.
    pub first_bytes: String,
}

/// What is wrong with a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The HTTP status is not 200: the reply came from a proxy or a gateway, for the service itself
    /// answers 200 even when it refuses.
    HttpStatus,
    /// The body is not JSON: cut, or some HTML page.
    NotJson,
    /// `ErrorCode`, `ErrorInfo`, `ActionStatus` or `RequestId` is missing or of another type.
    Envelope,
    /// `Response` is missing or of another form.
    Payload,
}

serialize_as_word!(ParseErrorKind by code);
display_as_word!(ParseErrorKind by code);

impl ParseErrorKind {
    /// A stable string for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ParseErrorKind::HttpStatus => "http_status",
            ParseErrorKind::NotJson => "reply_not_json",
            ParseErrorKind::Envelope => "reply_envelope",
            ParseErrorKind::Payload => "reply_payload",
        }
    }
}

impl ParseError {
    const FIRST_BYTES: usize = 200;

    pub(crate) fn new(
        kind: ParseErrorKind,
        status: u16,
        request_id: Option<String>,
        message: String,
        body: &[u8],
    ) -> ParseError {
        let first = body.get(..ParseError::FIRST_BYTES).unwrap_or(body);
        let first_bytes = String::from_utf8_lossy(first).into_owned();
        ParseError {
            kind,
            status,
            location: None,
            request_id,
            call_id: find_name(body, "CallId").map(|id| Box::new(CallId::reported(id))),
            message,
            first_bytes,
        }
    }

    /// The service itself has answered what cannot be read, but for what a box on the way answers in its place.
    fn effect(&self) -> Effect {
        match self.kind {
            ParseErrorKind::HttpStatus => http_status::effect(self.status),
            _ => Effect::Unknown,
        }
    }

    fn is_lasting(&self) -> bool {
        self.kind == ParseErrorKind::HttpStatus && http_status::is_lasting(self.status)
    }
}

/// What is said of a body that is no JSON.
pub(crate) fn not_json(body: &[u8], error: impl fmt::Display) -> String {
    if is_gzip(body) {
        return "not JSON, but compressed with gzip, which the request did not ask for".to_owned();
    }
    format!("not JSON: {error}")
}

/// The first bytes of RFC 1952.
pub(crate) fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b])
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the reply cannot be read: {} (HTTP {}",
            self.message, self.status
        )?;
        if let Some(location) = &self.location {
            write!(f, ", Location {}", quoted(location))?;
        }
        if let Some(id) = &self.request_id {
            write!(f, ", RequestId {}", printable(id))?;
        }
        if let Some(id) = &self.call_id {
            write!(f, ", CallId {}", printable(id.as_str()))?;
        }
        f.write_str(")")?;
        // A reply that was read, and makes no sense beside another, has none.
        if self.first_bytes.is_empty() && self.kind == ParseErrorKind::Payload {
            return Ok(());
        }
        write!(f, "; it begins {}", quoted(&self.first_bytes))
    }
}

impl std::error::Error for ParseError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Endpoint as _, call_engine::end_call};

    #[test]
    fn a_refusal_for_the_region_names_the_region_that_was_asked() {
        let refused = |code| {
            let body = format!(r#"{{"ErrorCode":{code},"ErrorInfo":"no","ActionStatus":"FAIL"}}"#);
            end_call::Request::parse(200, body.as_bytes()).unwrap_err()
        };
        for (host, named) in [
            (
                "adminapisgp.im.qcloud.com",
                "singapore (adminapisgp.im.qcloud.com)",
            ),
            ("adminapi.my-imcloud.com", "china (adminapi.my-imcloud.com)"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
        ] {
            let mut error = refused(60026);
            error.explain(&ReplyHead::default(), host, UnixSeconds(0));
            let message = error.to_string();
            assert!(
                message.contains(&format!("this went to {named}")),
                "{message}"
            );
        }
        let mut error = refused(60025);
        error.explain(&ReplyHead::default(), "h", UnixSeconds(0));
        assert_eq!(error, refused(60025));
    }
}
