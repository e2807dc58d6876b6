//! What goes in and what comes out, for any HTTP server.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde_json::value::RawValue;
use trtc_call_core::{CloudErrorCode, ErrorCode, UnixSeconds};

/// A request as the shell received it.
#[derive(Clone, Copy)]
pub struct ReceivedRequest<'a> {
    /// The method, such as `POST`.
    pub method: &'a str,
    /// The path and the query as they stand in the request line. **A secret**: the query holds a
    /// UserSig. `Debug` shows the path alone.
    pub path_and_query: &'a str,
    /// The headers, names in any case. **Secrets**: they may hold a signature. The REST API and the
    /// control API need none; the cloud API needs all that are signed, `host` among them, and those whose
    /// names begin with `x-tc-`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body. A shell may stop reading after [`MAX_BODY_BYTES`] + 1 bytes.
    pub body: &'a [u8],
}

/// 9999-12-31T23:59:59Z.
const LAST_HTTP_DATE: u64 = 253_402_300_799;

/// The largest body the emulator takes, in bytes. What the service takes is not documented.
pub const MAX_BODY_BYTES: usize = 1 << 20;

impl<'a> ReceivedRequest<'a> {
    pub(crate) fn path(&self) -> &'a str {
        self.split().0
    }

    pub(crate) fn query(&self) -> &'a str {
        self.split().1
    }

    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(other, value)| other.eq_ignore_ascii_case(name).then_some(*value))
    }

    fn split(&self) -> (&'a str, &'a str) {
        self.path_and_query
            .split_once('?')
            .unwrap_or((self.path_and_query, ""))
    }
}

impl fmt::Debug for ReceivedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("method", &self.method)
            .field("path", &self.path())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What the shell is to answer, and how badly.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type` header.
    pub content_type: &'static str,
    /// The `date` header: the emulated time.
    pub date: UnixSeconds,
    /// Further headers, with their values.
    pub headers: Vec<(String, String)>,
    /// The whole body. Its length belongs into `content-length`, also when the reply is cut.
    pub body: Vec<u8>,
    /// How long to wait, in real time, before the first byte.
    pub delay: Duration,
    /// Where to close the connection.
    pub cut: Cut,
    /// The `ErrorCode` in the body's envelope, for a log. `None` for the control API and for faults that
    /// hide it.
    pub error_code: Option<ErrorCode>,
    /// The same for the cloud API: `Error.Code`. `None` without an error.
    pub cloud_error_code: Option<CloudErrorCode>,
}

/// Where a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cut {
    /// Not at all: the reply arrives whole.
    None,
    /// Before the reply's first byte.
    BeforeReply,
    /// After the headers and half of the body.
    MidReply,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &RawValue) -> Answer {
        Answer::new(status, "application/json", body.get())
    }

    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Answer {
        Answer {
            status,
            content_type,
            date: UnixSeconds(0),
            headers: Vec::new(),
            body: body.into(),
            delay: Duration::ZERO,
            cut: Cut::None,
            error_code: None,
            cloud_error_code: None,
        }
    }

    /// The `date` header as HTTP writes it, which has no years beyond 9999.
    #[must_use]
    pub fn date_header(&self) -> String {
        let seconds = self.date.0.min(LAST_HTTP_DATE);
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_request_hides_the_query() {
        let request = ReceivedRequest {
            method: "POST",
            path_and_query: "/v4/a/b?usersig=MARKED",
            headers: &[("authorization", "MARKED")],
            body: b"{}",
        };
        let printed = format!("{request:?}");
        assert!(printed.contains("/v4/a/b"));
        assert!(!printed.contains("MARKED"));
    }

    #[test]
    fn a_date_is_as_http_writes_it_until_the_last_that_it_can_write() {
        for (seconds, date) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), // RFC 9110
            (u64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            let mut answer = Answer::new(200, "text/plain", "");
            answer.date = UnixSeconds(seconds);
            assert_eq!(answer.date_header(), date);
        }
    }
}
