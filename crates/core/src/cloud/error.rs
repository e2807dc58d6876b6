use std::fmt;

use super::CloudErrorCode;
use crate::UnixSeconds;
use crate::quoted::quoted_inside;
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
    /// A refusal for tests and mocks, without RequestId and body; set what differs.
    pub fn new(code: CloudErrorCode, message: impl Into<String>) -> CloudError {
        CloudError {
            code,
            message: message.into(),
            request_id: None,
            body: String::new(),
            clock_skew: None,
        }
    }

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
            write!(f, " ({})", quoted_inside(&self.message))?;
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
            Some(id) => write!(f, " [RequestId {}]", quoted_inside(id)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CloudError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CloudEndpoint as _, Error, stream_ingest::stop_stream_ingest};

    fn refusal(code: &str) -> CloudError {
        let body = format!(
            r#"{{"Response":{{"Error":{{"Code":"{code}","Message":"say\u001b\"why"}},"RequestId":"r-1"}}}}"#
        );
        match stop_stream_ingest::Request::parse(200, body.as_bytes()) {
            Err(Error::Cloud(error)) => *error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_refusal_says_what_it_means_what_to_do_and_whom_to_ask() {
        assert_eq!(
            refusal("AuthFailure.SecretIdNotFound").to_string(),
            "the service refused: AuthFailure.SecretIdNotFound, the SecretId does not exist or is disabled \
             (say\\u{1b}\\\"why); check it in access management, and that the host is the account's site \
             [RequestId r-1]"
        );
        let unknown = refusal("Later.Code").to_string();
        assert!(
            unknown.contains("Later.Code, a code this library does not know"),
            "{unknown}"
        );
    }

    #[test]
    fn a_wrong_clock_is_explained_with_the_difference() {
        const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT"; // 1700000000
        let explained = |now, date| {
            let mut error = refusal("AuthFailure.SignatureExpire");
            error.explain_clock(date, UnixSeconds(now));
            (error.clock_skew, error.to_string())
        };
        let (skew, said) = explained(1_700_000_400, DATE);
        assert_eq!(skew, Some(400));
        assert!(
            said.contains("this machine's clock is 400 s ahead of the service's"),
            "{said}"
        );
        let (skew, said) = explained(1_699_999_000, DATE);
        assert_eq!(skew, Some(-1000));
        assert!(
            said.contains("this machine's clock is 1000 s behind the service's"),
            "{said}"
        );
        assert_eq!(explained(1_700_000_400, "soon").0, None);
        assert_eq!(explained(u64::MAX, DATE).0, None);

        let mut other = refusal("AuthFailure.SignatureFailure");
        other.explain_clock(DATE, UnixSeconds(0));
        assert_eq!(other.clock_skew, None);
    }
}
