//! What goes in and what comes out, for any HTTP server.

use std::fmt;
use std::time::Duration;

use trtc_call_core::{CloudErrorCode, ErrorCode, UnixSeconds};

use crate::http_date::http_date;

/// A request as the shell received it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
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

/// The largest body the emulator takes, in bytes. What the service takes is not documented.
pub const MAX_BODY_BYTES: usize = 1 << 20;

impl<'a> Request<'a> {
    pub(crate) fn path(&self) -> &'a str {
        self.split().0
    }

    pub(crate) fn query(&self) -> &'a str {
        self.split().1
    }

    /// The first header of that name.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        Some(found.1)
    }

    fn split(&self) -> (&'a str, &'a str) {
        self.path_and_query
            .split_once('?')
            .unwrap_or((self.path_and_query, ""))
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
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
    pub(crate) fn json(status: u16, body: Vec<u8>) -> Answer {
        Answer {
            status,
            content_type: "application/json",
            date: UnixSeconds(0),
            body,
            delay: Duration::ZERO,
            cut: Cut::None,
            error_code: None,
            cloud_error_code: None,
        }
    }

    /// The `date` header as HTTP writes it.
    #[must_use]
    pub fn date_header(&self) -> String {
        http_date(self.date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_request_hides_the_query() {
        let request = Request {
            method: "POST",
            path_and_query: "/v4/a/b?usersig=MARKED",
            headers: &[("authorization", "MARKED")],
            body: b"{}",
        };
        let printed = format!("{request:?}");
        assert!(printed.contains("/v4/a/b"));
        assert!(!printed.contains("MARKED"));
    }
}
