use std::time::Duration;

use trtc_call_core::{HttpRequest, TransportError, UnixSeconds};

use crate::transport::RawReply;

/// What went over the wire in one attempt, as it may be shown to people: **the secrets are hidden**.
///
/// [`Client::send_recorded`](crate::Client::send_recorded) and
/// [`SessionBuilder::record`](crate::SessionBuilder::record) hand them out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedExchange {
    /// The command's or action's name.
    pub name: &'static str,
    /// When the attempt was made, by the client's clock.
    pub sent_at: UnixSeconds,
    /// The request: its first line, its headers, an empty line, its body.
    pub request: String,
    /// How long the reply took, or the failure to come.
    pub took: Duration,
    /// The reply: its status, an empty line, its body, what is not UTF-8 replaced. Or why none came.
    pub reply: Result<String, TransportError>,
}

/// Who wants to see the packets.
pub(crate) type Recorder<'a> = &'a mut (dyn FnMut(RecordedExchange) + Send);

impl RecordedExchange {
    pub(crate) fn begin(
        name: &'static str,
        request: &HttpRequest,
        sent_at: UnixSeconds,
    ) -> RecordedExchange {
        let mut text = format!("{} {}\n", request.method, request.redacted_url());
        for (name, value) in request.redacted_headers() {
            text.push_str(&format!("{name}: {value}\n"));
        }
        text.push('\n');
        text.push_str(&request.redacted_body());
        RecordedExchange {
            name,
            sent_at,
            request: text,
            took: Duration::ZERO,
            reply: Ok(String::new()),
        }
    }

    pub(crate) fn end(
        mut self,
        took: Duration,
        reply: &Result<RawReply, TransportError>,
    ) -> RecordedExchange {
        self.took = took;
        self.reply = match reply {
            Ok(RawReply { status, body, .. }) => Ok(format!(
                "HTTP {status}\n\n{}",
                String::from_utf8_lossy(body)
            )),
            Err(error) => Err(error.clone()),
        };
        self
    }
}
