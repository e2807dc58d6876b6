use std::fmt;

use super::CloudErrorCode;
use crate::UnixSeconds;
use crate::tc3::http_date;

/// The cloud API answered with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloudError {
    /// `Code`. One that this library does not know is data like any other.
    pub code: CloudErrorCode,
    /// `Message`: the service's own words.
    pub message: String,
    /// `RequestId`: quote it when you ask for support.
    pub request_id: Option<String>,
    /// The whole reply.
    pub body: String,
    /// By how many seconds this machine's clock is ahead of the service's (negative: behind), where
    /// [`explain_clock`](Self::explain_clock) found it out.
    pub clock_skew: Option<i64>,
}

impl CloudError {
    /// Whether what the request names is not there (any more): the task, the room, or the user in it.
    /// For who cleans up, that is success.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.code.is_gone()
    }

    /// Compares the clocks, where the service refused a request for its time. `date` is the reply's
    /// `Date` header, `now` the time when the request was signed.
    pub fn explain_clock(&mut self, date: &str, now: UnixSeconds) {
        if self.code.as_str() != CloudErrorCode::SIGNATURE_EXPIRE {
            return;
        }
        if let Some(server) = http_date(date) {
            let (now, server) = (i64::try_from(now.0), i64::try_from(server.0));
            self.clock_skew = now.ok().zip(server.ok()).map(|(now, server)| now - server);
        }
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service refused: {}", self.code)?;
        if !self.message.is_empty() {
            write!(f, " ({})", self.message.escape_debug())?;
        }
        if let Some(entry) = self.code.entry() {
            write!(f, "; {}", entry.what_to_do)?;
        }
        if let Some(skew) = self.clock_skew {
            let seconds = skew.unsigned_abs();
            let side = if skew < 0 { "behind" } else { "ahead of" };
            write!(
                f,
                ": this machine's clock is {seconds} s {side} the service's"
            )?;
        }
        match &self.request_id {
            Some(id) => write!(f, " [RequestId {}]", id.escape_debug()),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CloudError {}
