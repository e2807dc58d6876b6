//! The cause of an unknown outcome as it is stored: its description, out of which the error is made again.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    CallId, CloudError, CloudErrorCode, Error, ErrorCode, ErrorDescription, OutcomeUnknown,
    ParseError, ParseErrorKind, Repeat, RingAttempt, ServerError, TransportError,
    TransportErrorKind, UnixSeconds, stored,
};

pub(crate) fn serialize<S: Serializer>(cause: &Error, serializer: S) -> Result<S::Ok, S::Error> {
    ErrorDescription::of(cause, Repeat::RingsAgain).serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Error, D::Error> {
    Described::deserialize(deserializer).map(Described::error)
}

/// What a description tells, of which each kind of error has a part.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    kind: String,
    code: String,
    message: String,
    request_id: Option<String>,
    #[serde(default, deserialize_with = "stored::optional")]
    call_id: Option<CallId>,
    error_code: Option<Code>,
    error_info: Option<String>,
    body: Option<String>,
    clock_skew: Option<i64>,
    status: Option<u16>,
    location: Option<String>,
    first_bytes: Option<String>,
    attempt: Option<RingAttempt>,
    sent_at: Option<UnixSeconds>,
    failed_at: Option<UnixSeconds>,
    cause: Option<Box<Described>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Code {
    Number(ErrorCode),
    Word(CloudErrorCode),
}

impl Described {
    fn error(self) -> Error {
        match (self.kind.as_str(), self.error_code) {
            ("server", Some(Code::Number(code))) => Error::Server(ServerError {
                code,
                info: self.error_info.unwrap_or_default(),
                request_id: self.request_id,
                body: self.body.unwrap_or_default(),
                sent_to: None,
            }),
            ("server", Some(Code::Word(code))) => Error::Cloud(Box::new(CloudError {
                code,
                message: self.error_info.unwrap_or_default(),
                request_id: self.request_id,
                body: self.body.unwrap_or_default(),
                clock_skew: self.clock_skew,
            })),
            ("parse", _) => Error::Parse(within(
                &self.message,
                ParseError {
                    kind: parse_error_kind(&self.code),
                    status: self.status.unwrap_or_default(),
                    location: self.location,
                    request_id: self.request_id,
                    call_id: self.call_id.map(Box::new),
                    message: String::new(),
                    first_bytes: self.first_bytes.unwrap_or_default(),
                },
            )),
            ("outcome_unknown", _) => match (self.attempt, self.cause) {
                (Some(attempt), Some(cause)) => {
                    let sent_at = self.sent_at.unwrap_or(UnixSeconds(0));
                    let failed_at = self.failed_at.unwrap_or(sent_at);
                    Box::new(OutcomeUnknown::new(
                        attempt,
                        sent_at,
                        failed_at,
                        cause.error(),
                    ))
                    .into()
                }
                _ => unanswered(&self.code, &self.message),
            },
            _ => unanswered(&self.code, &self.message),
        }
    }
}

/// No reply came, or what a later version of this library tells, and this one does not know.
fn unanswered(code: &str, message: &str) -> Error {
    let kind = match code {
        "connect_failed" => TransportErrorKind::Connect,
        "timeout" => TransportErrorKind::Timeout,
        "cancelled" => TransportErrorKind::Cancelled,
        "rate_limit_wait" => TransportErrorKind::RateLimit,
        _ => TransportErrorKind::Interrupted,
    };
    let own = message.strip_prefix(&format!("{kind}: "));
    TransportError::new(kind, own.unwrap_or(message)).into()
}

fn parse_error_kind(code: &str) -> ParseErrorKind {
    match code {
        "http_status" => ParseErrorKind::HttpStatus,
        "reply_not_json" => ParseErrorKind::NotJson,
        "reply_envelope" => ParseErrorKind::Envelope,
        _ => ParseErrorKind::Payload,
    }
}

/// The error whose text is `told`: what stands between the words that it tells whatever its message.
fn within(told: &str, mut error: ParseError) -> ParseError {
    const MARK: &str = "\u{0}";
    error.message = MARK.to_owned();
    let frame = error.to_string();
    let own = frame.split_once(MARK).and_then(|(before, after)| {
        let rest = told.strip_prefix(before)?;
        rest.strip_suffix(after)
    });
    error.message = own.unwrap_or(told).to_owned();
    error
}
