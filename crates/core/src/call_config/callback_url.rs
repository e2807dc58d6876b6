use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::quoted::quoted;
use crate::url::{self, Flaw, Scheme};
use crate::{Problem, ProblemCode};

/// Where the service is to send webhooks: an `http` or `https` URL (<https://trtc.io/document/68938>).
///
/// **Prefer `https`**: the signature of a webhook does not cover its body, so that on plain `http`
/// everyone on the way can read and change it.
///
/// The service puts its own query behind the URL. A fragment would never be sent, and a user with a
/// password would end up in logs: both are refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct CallbackUrl(
    #[cfg_attr(
        feature = "openapi",
        schemars(regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9\[][!-~]*$"))
    )]
    String,
);

impl CallbackUrl {
    /// Takes a URL.
    ///
    /// # Errors
    /// If it begins with neither `http://` nor `https://`, names no host, holds a user, a fragment, or
    /// anything that a URL must escape.
    pub fn new(url: impl Into<String>) -> Result<CallbackUrl, Problem> {
        let url = url.into();
        match check(&url) {
            Ok(_) => Ok(CallbackUrl(url)),
            Err(flaw) => Err(flaw.of("callback_url")),
        }
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether webhooks to it can be read and changed on the way: plain `http`, and not to the machine
    /// that sends them.
    #[must_use]
    pub fn sends_clear_text(&self) -> bool {
        check(&self.0).is_ok_and(|(scheme, host)| scheme == Scheme::Http && !url::is_loopback(host))
    }
}

/// The scheme and the host of a well-formed URL.
fn check(url: &str) -> Result<(Scheme, &str), Flaw> {
    let (scheme, rest) = url::split_scheme(url)?;
    if rest.as_bytes().contains(&b'#') {
        return Err(Flaw::new(
            ProblemCode::UrlFragment,
            "must have no fragment (`#…`), which is never sent",
            "leave it out",
        ));
    }
    if let Some(bad) = url::first_stranger(rest, b"\\\"<>^`{|}") {
        return Err(Flaw::character(
            bad,
            format!(
                "must not hold {} as it is",
                quoted(bad.encode_utf8(&mut [0; 4]))
            ),
            "percent-encode it; write an international host name in its xn-- form",
        ));
    }
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.as_bytes().contains(&b'@') {
        return Err(Flaw::new(
            ProblemCode::UrlUser,
            "must hold no user and no password",
            "to know the service's deliveries from forgeries, verify their Sign",
        ));
    }
    Ok((scheme, url::host(authority)?))
}

impl TryFrom<&str> for CallbackUrl {
    type Error = Problem;

    fn try_from(url: &str) -> Result<CallbackUrl, Problem> {
        CallbackUrl::new(url)
    }
}

impl TryFrom<String> for CallbackUrl {
    type Error = Problem;

    fn try_from(url: String) -> Result<CallbackUrl, Problem> {
        CallbackUrl::new(url)
    }
}

impl TryFrom<&String> for CallbackUrl {
    type Error = Problem;

    fn try_from(url: &String) -> Result<CallbackUrl, Problem> {
        CallbackUrl::new(url)
    }
}

impl FromStr for CallbackUrl {
    type Err = Problem;

    fn from_str(url: &str) -> Result<CallbackUrl, Problem> {
        CallbackUrl::new(url)
    }
}

impl fmt::Display for CallbackUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn http_and_https_urls_with_path_and_query_are_taken_as_they_are() {
        for url in [
            "https://example.com",
            "http://example.com/calls",
            "HTTPS://Example.com:8443/a/b?key=1&x=%20",
            "https://example.com?a=b@c",
            "http://[::1]:80/x",
            "http://127.0.0.1:3000/",
        ] {
            assert_eq!(CallbackUrl::new(url).unwrap().as_str(), url);
        }
    }

    #[test]
    fn plain_http_to_another_machine_is_clear_text() {
        for (url, clear) in [
            ("HTTP://example.com?a=b", true),
            ("http://10.0.0.1:80", true),
            ("HTTPS://example.com", false),
            ("http://localhost/x", false),
            ("http://127.0.0.1:3000?a=b", false),
            ("http://[::1]", false),
        ] {
            assert_eq!(
                CallbackUrl::new(url).unwrap().sends_clear_text(),
                clear,
                "{url}"
            );
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for url in [
            "",
            "example.com",
            "ftp://example.com",
            "http:/example.com",
            "https://",
            "https:///x",
            "https://?x",
            "https://a#b",
            "https://user:password@a/",
            "https://a b",
            "https://a/ b",
            "https://a\n",
            "https://例え.jp",
            "https://a/用",
            "https://a:0",
            "https://a:65536/",
            "javascript:alert(1)",
        ] {
            assert!(CallbackUrl::new(url).is_err(), "{url:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken_as_it_is_or_refused(url in "(https?://)?\\PC{0,40}") {
            if let Ok(taken) = CallbackUrl::new(url.as_str()) {
                prop_assert_eq!(taken.as_str(), url);
            }
        }
    }
}
