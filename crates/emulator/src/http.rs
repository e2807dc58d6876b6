//! What goes in and what comes out, for any HTTP server.

use std::fmt;
use std::time::Duration;

use trtc_call_core::ErrorCode;

/// A request as the shell received it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, such as `POST`.
    pub method: &'a str,
    /// The path and the query as they stand in the request line. **A secret**: the query holds a
    /// UserSig. `Debug` shows the path alone.
    pub path_and_query: &'a str,
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
    /// The whole body. Its length belongs into `content-length`, also when the reply is cut.
    pub body: Vec<u8>,
    /// How long to wait, in real time, before the first byte.
    pub delay: Duration,
    /// Where to close the connection.
    pub cut: Cut,
    /// The `ErrorCode` in the body's envelope, for a log. `None` for the control API and for faults that
    /// hide it.
    pub error_code: Option<ErrorCode>,
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
            body,
            delay: Duration::ZERO,
            cut: Cut::None,
            error_code: None,
        }
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
            body: b"{}",
        };
        let printed = format!("{request:?}");
        assert!(printed.contains("/v4/a/b"));
        assert!(!printed.contains("MARKED"));
    }
}
