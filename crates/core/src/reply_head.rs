//! What stands before a reply's body and is worth reading.

use std::time::Duration;

use crate::UnixSeconds;
use crate::tc3::http_date;

/// The headers of a reply that this library reads; any HTTP client has them.
///
/// A reply is understood without them. They tell how far this machine's clock is off, where a redirect led to and how
/// long to wait: hand them to [`Error::explain`](crate::Error::explain), and
/// [`retry_after`](Self::retry_after) to [`RetryPolicy::decide`](crate::RetryPolicy::decide).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyHead {
    /// `Date`: the service's clock.
    pub date: Option<String>,
    /// `Location`: where a redirect leads to. It is never followed, since the URL and the headers of a request are
    /// secrets. **It may be one itself**: a proxy may have copied the URL.
    pub location: Option<String>,
    /// `Retry-After`: how long to wait, in seconds or until a date.
    pub retry_after: Option<String>,
}

impl ReplyHead {
    /// Out of what `header` gives for a name in lower case.
    pub fn read(mut header: impl FnMut(&str) -> Option<String>) -> ReplyHead {
        ReplyHead {
            date: header("date"),
            location: header("location"),
            retry_after: header("retry-after"),
        }
    }

    /// How long the server asks to wait, by `Retry-After` (RFC 9110, section 10.2.3), from `now` on. `None` where it
    /// asks for nothing, or cannot be understood.
    #[must_use]
    pub fn retry_after(&self, now: UnixSeconds) -> Option<Duration> {
        let text = self.retry_after.as_deref()?.trim();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = if is_number {
            // So many digits that they do not fit are a long time all the same.
            text.parse().unwrap_or(u64::MAX)
        } else {
            http_date(text)?.0.saturating_sub(now.0)
        };
        Some(Duration::from_secs(seconds))
    }

    /// `Location` as it may be shown: without user, query and fragment, which can hold secrets.
    pub(crate) fn shown_location(&self) -> Option<String> {
        let location = self.location.as_deref()?;
        let end = location.find(['?', '#']).unwrap_or(location.len());
        let (location, _) = location.split_at_checked(end)?;
        let Some((scheme, rest)) = location.split_once("//") else {
            return Some(location.to_owned());
        };
        let (authority, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len()))?;
        let host = authority.rsplit('@').next().unwrap_or_default();
        Some(format!("{scheme}//{host}{path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_700_000_000);

    fn asked(retry_after: &str) -> Option<u64> {
        let head = ReplyHead::read(|name| (name == "retry-after").then(|| retry_after.to_owned()));
        head.retry_after(NOW).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(asked("7"), Some(7));
        assert_eq!(asked(" 0 "), Some(0));
        assert_eq!(asked("Tue, 14 Nov 2023 22:13:23 GMT"), Some(3));
        assert_eq!(asked("99999999999999999999"), Some(u64::MAX));
        // A date that has passed asks for nothing more.
        assert_eq!(asked("Tue, 14 Nov 2023 22:13:19 GMT"), Some(0));
        for unclear in ["", "soon", "-1", "+1", "1.5", "1, 2"] {
            assert_eq!(asked(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn a_location_is_shown_without_what_may_be_secret() {
        for (location, shown) in [
            ("https://h/v4/a?usersig=MARKED", "https://h/v4/a"),
            ("https://user:MARKED@h:8/a#MARKED", "https://h:8/a"),
            ("//MARKED@h", "//h"),
            ("/login?next=MARKED", "/login"),
            ("https://h?MARKED/@x", "https://h"),
            ("", ""),
        ] {
            let head = ReplyHead {
                location: Some(location.to_owned()),
                ..ReplyHead::default()
            };
            assert_eq!(head.shown_location().as_deref(), Some(shown));
        }
    }
}
