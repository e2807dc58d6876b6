use trtc_call_core::{HttpRequest, TransportError, UnixSeconds};

/// What went over the wire in one attempt, as it may be shown to people: **the UserSig is hidden**.
///
/// [`Client::send_recorded`](crate::Client::send_recorded) hands them out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// When the attempt was made, by the client's clock.
    pub sent_at: UnixSeconds,
    /// The request: its first line, its headers, an empty line, its body.
    pub request: String,
    /// The reply: its status, an empty line, its body, what is not UTF-8 replaced. Or why none came.
    pub reply: Result<String, TransportError>,
}

impl Exchange {
    pub(crate) fn begin(request: &HttpRequest, sent_at: UnixSeconds) -> Exchange {
        let mut text = format!("{} {}\n", request.method, request.redacted_url());
        for (name, value) in &request.headers {
            text.push_str(&format!("{name}: {value}\n"));
        }
        text.push('\n');
        text.push_str(&request.body);
        Exchange {
            sent_at,
            request: text,
            reply: Ok(String::new()),
        }
    }

    pub(crate) fn end(mut self, reply: &Result<(u16, Vec<u8>), TransportError>) -> Exchange {
        self.reply = match reply {
            Ok((status, body)) => Ok(format!(
                "HTTP {status}\n\n{}",
                String::from_utf8_lossy(body)
            )),
            Err(error) => Err(error.clone()),
        };
        self
    }
}
