use std::fmt;

use serde::{Deserialize, Serialize};

use crate::input::Given;
use crate::url::split_any_scheme;
use crate::{Problem, ProblemCode};

/// Where the media comes from, such as `https://example.com/hello.mp3` or a live `rtmp://` stream.
///
/// The service pulls it: the address must be reachable from the internet. A video must keep its
/// resolution, of at most 1080p and 30 frames/s. A query may hold a secret: `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StreamUrl(String);

impl StreamUrl {
    /// The longest URL, in bytes.
    pub const MAX_BYTES: usize = 4096;

    /// What a URL may begin with: the service pulls nothing else, and a call that plays it would ring, and be cut off.
    pub const SCHEMES: [&str; 4] = ["https://", "http://", "rtmp://", "rtmps://"];

    /// Takes a URL of one of [`SCHEMES`](Self::SCHEMES).
    ///
    /// # Errors
    /// If it has another scheme or no host, or holds white space or control characters, or is longer than 4096 bytes.
    pub fn new(url: impl Into<String>) -> Result<StreamUrl, Problem> {
        StreamUrl::checked(url.into())
    }

    fn checked(url: String) -> Result<StreamUrl, Problem> {
        let has_host = split_any_scheme(&url).is_some_and(|(scheme, rest)| {
            scheme
                .as_bytes()
                .first()
                .is_some_and(u8::is_ascii_alphabetic)
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
                && rest
                    .bytes()
                    .next()
                    .is_some_and(|byte| !b"/?#".contains(&byte))
        });
        let is_pulled = split_any_scheme(&url).is_some_and(|(scheme, _)| {
            let begin = format!("{scheme}://").to_ascii_lowercase();
            StreamUrl::SCHEMES.contains(&begin.as_str())
        });
        let (code, rule, fix) = if !has_host {
            (
                ProblemCode::NotAUrl,
                "must be a whole URL",
                "write it as https://host/path, or rtmp://host/path",
            )
        } else if !is_pulled {
            (
                ProblemCode::UrlScheme,
                "must begin with https://, http://, rtmp:// or rtmps://: the service pulls nothing else",
                "have the media served by one of them",
            )
        } else if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            (
                ProblemCode::WhiteSpace,
                "must not hold white space or control characters",
                "write a space as %20",
            )
        } else if url.len() > StreamUrl::MAX_BYTES {
            let rule = "must be at most 4096 bytes long";
            (ProblemCode::TooLong, rule, "use a shorter URL")
        } else {
            return Ok(StreamUrl(url));
        };
        let problem = Problem::new("stream_url", rule, fix).coded(code);
        Err(match code {
            ProblemCode::TooLong => problem.with("max", StreamUrl::MAX_BYTES),
            ProblemCode::UrlScheme => problem.with("choices", StreamUrl::SCHEMES.join(", ")),
            _ => problem,
        })
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL that a user gave.
    pub(crate) fn given(given: Given<'_>) -> Result<StreamUrl, Problem> {
        StreamUrl::new(given.text()?)
    }
}

impl TryFrom<&str> for StreamUrl {
    type Error = Problem;

    fn try_from(url: &str) -> Result<StreamUrl, Problem> {
        StreamUrl::new(url)
    }
}

impl From<StreamUrl> for String {
    fn from(url: StreamUrl) -> String {
        url.0
    }
}

impl TryFrom<String> for StreamUrl {
    type Error = Problem;

    fn try_from(url: String) -> Result<StreamUrl, Problem> {
        StreamUrl::new(url)
    }
}

/// Without user, password and query.
impl fmt::Debug for StreamUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = split_any_scheme(&self.0).unwrap_or_default();
        let (rest, hidden) = match rest.split_once('?') {
            Some((rest, _)) => (rest, "?(hidden)"),
            None => (rest, ""),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        let user = authority
            .rsplit_once('@')
            .map_or(0, |(user, _)| user.len() + 1);
        let shown = rest.get(user..).unwrap_or_default();
        write!(f, "StreamUrl({scheme}://{shown}{hidden})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_pulls_is_taken_and_nothing_else() {
        for url in [
            "https://example.com/a.mp3",
            "rtmp://1.2.3.4/live/x?sign=1",
            "RTMPS://[::1]:9",
            "http://例え.jp/音",
        ] {
            assert_eq!(StreamUrl::new(url).unwrap().as_str(), url);
        }
        for url in ["ftp://a/b.mp3", "srt://[::1]:9", "file://a"] {
            let problem = StreamUrl::new(url).unwrap_err();
            assert_eq!(problem.code, ProblemCode::UrlScheme);
            let choices = "https://, http://, rtmp://, rtmps://";
            assert_eq!(problem.parameters["choices"], choices);
        }
        let long = format!("https://a/{}", "x".repeat(4096));
        for url in [
            "",
            "a.mp3",
            "/a.mp3",
            "://a",
            "https://",
            "https:///a",
            "1http://a",
            "a b://c",
            "https://a/b c",
            "https://a/\n",
            &long,
        ] {
            assert_eq!(
                StreamUrl::new(url).unwrap_err().field,
                "stream_url",
                "{url:?}"
            );
        }
    }

    #[test]
    fn what_may_be_a_secret_is_not_printed() {
        let url = StreamUrl::new("rtmp://MARKED:MARKED@host/live?sign=MARKED@/").unwrap();
        assert_eq!(format!("{url:?}"), "StreamUrl(rtmp://host/live?(hidden))");
    }
}
