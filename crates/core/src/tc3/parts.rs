use std::fmt;

use crate::{Problem, ProblemCode, url};

/// The parts of a request that matter to its signature: `POST /` to a host, with JSON as the body.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub(super) host: &'a str,
    pub(super) action: &'a str,
    pub(super) body: &'a [u8],
    pub(super) region: Option<&'a str>,
    pub(super) service: &'a str,
    pub(super) version: &'a str,
}

impl<'a> Parts<'a> {
    /// The service that is meant unless another one is named.
    pub const DEFAULT_SERVICE: &'static str = "trtc";
    /// The version of its API.
    pub const DEFAULT_VERSION: &'static str = "2019-07-22";

    /// A request to `host`, with its port unless https implies it, for `action`. See [`host`](Self::host).
    ///
    /// # Errors
    /// If `host` is none, or its port is none or has zeros in front; if `action` is not a word: empty, or
    /// with anything but letters, digits and `.-_:[]`.
    pub fn new(host: &'a str, action: &'a str, body: &'a [u8]) -> Result<Parts<'a>, Problem> {
        Ok(Parts::trusted(
            authority(host)?,
            word("action", action)?,
            body,
        ))
    }

    /// The value of the `Host` header to send: what is signed, byte for byte. In lower case, without `:443`.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_ascii_lowercase()
    }

    /// As [`new`](Self::new), for words that are known to be such.
    pub(crate) fn trusted(host: &'a str, action: &'a str, body: &'a [u8]) -> Parts<'a> {
        Parts {
            host,
            action,
            body,
            region: None,
            service: Parts::DEFAULT_SERVICE,
            version: Parts::DEFAULT_VERSION,
        }
    }

    /// The region (`X-TC-Region`), which the signature does not cover. Default: none.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn region(mut self, region: &'a str) -> Result<Parts<'a>, Problem> {
        self.region = Some(word("region", region)?);
        Ok(self)
    }

    /// As [`region`](Self::region), for a word that is known to be one.
    pub(crate) fn trusted_region(mut self, region: &'a str) -> Parts<'a> {
        self.region = Some(region);
        self
    }

    /// Another service of the cloud API, and the version of its API. Default: `trtc`, `2019-07-22`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn service(mut self, service: &'a str, version: &'a str) -> Result<Parts<'a>, Problem> {
        self.service = word("service", service)?;
        self.version = word("version", version)?;
        Ok(self)
    }
}

/// A host as HTTP clients send it.
fn authority(host: &str) -> Result<&str, Problem> {
    url::host(host).map_err(|flaw| flaw.of("host"))?;
    Ok(host.strip_suffix(":443").unwrap_or(host))
}

/// Nothing that could end a header or a line of what is signed.
fn word<'a>(field: &str, word: &'a str) -> Result<&'a str, Problem> {
    let is_word = !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    if is_word {
        Ok(word)
    } else {
        Err(Problem::new(
            field,
            "must be a word of ASCII letters, digits and `.-_:[]`",
            "write it as the vendor's page does",
        )
        .coded(ProblemCode::WrongCharacter))
    }
}

/// Without the body, which may hold a UserSig.
impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("host", &self.host)
            .field("action", &self.action)
            .field("region", &self.region)
            .field("service", &self.service)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_a_header_or_a_line_is_refused() {
        for bad in ["", "a b", "a\nb", "a\r\nx-y: z", "ü", "a/b"] {
            assert_eq!(Parts::new(bad, "A", b"").unwrap_err().field, "host");
            assert_eq!(Parts::new("h", bad, b"").unwrap_err().field, "action");
            let parts = Parts::new("[::1]:8080", "A", b"").unwrap();
            assert_eq!(parts.region(bad).unwrap_err().field, "region");
            assert_eq!(parts.service(bad, "v").unwrap_err().field, "service");
            assert_eq!(parts.service("s", bad).unwrap_err().field, "version");
        }
    }

    #[test]
    fn the_host_is_the_one_that_http_clients_send() {
        for (given, sent) in [
            ("h.example", "h.example"),
            ("H.Example:443", "h.example"),
            ("H.EXAMPLE:8443", "h.example:8443"),
            ("[::1]:443", "[::1]"),
        ] {
            assert_eq!(Parts::new(given, "A", b"").unwrap().host(), sent);
        }
        for bad in ["h:0443", "h:00", "h:0", "h:+443", "h:65536", "h:", "h:x"] {
            let problem = Parts::new(bad, "A", b"").unwrap_err();
            assert_eq!(problem.field, "host", "{bad}");
        }
    }

    #[test]
    fn the_body_is_not_printed() {
        let parts = Parts::new("h", "A", b"MARKED").unwrap();
        assert!(!format!("{parts:?}").contains("MARKED"));
        assert!(!format!("{parts:?}").contains("77, 65"));
    }
}
