//! Requests and replies as data, for any HTTP client.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::members::Members;

/// A request that is ready to be sent with any HTTP client.
///
/// **The URL is a secret**: it holds a UserSig. So are the headers and the body of a request to the cloud
/// API, with its signature and, to start a stream, a UserSig. `Debug`, [`redacted_url`](Self::redacted_url)
/// and [`redacted_body`](Self::redacted_body) hide them; keep the fields themselves out of logs. Do not
/// follow redirects: they would hand the secrets on.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpRequest {
    /// `POST`, always.
    pub method: &'static str,
    /// The whole URL, UserSig included.
    pub url: String,
    /// Header names and values to send.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

impl HttpRequest {
    pub(crate) fn post_json(url: String, body: String) -> HttpRequest {
        let headers = vec![("content-type", "application/json".to_owned())];
        HttpRequest {
            method: "POST",
            url,
            headers,
            body,
        }
    }

    /// The host that it goes to, and the port where it is not the usual one. It may be shown.
    #[must_use]
    pub fn host(&self) -> &str {
        host_of(&self.url)
    }

    /// The body as it may be shown: without the UserSig and the PrivateMapKey that starting a stream
    /// carries.
    #[must_use]
    pub fn redacted_body(&self) -> String {
        // Bodies are objects of ours; of anything else nothing is shown.
        let Ok(object) = serde_json::from_str(&self.body) else {
            return HIDDEN.to_owned();
        };
        serde_json::to_string(&Redacted(object)).unwrap_or_default()
    }

    /// The headers as they may be shown: without the signature and the token.
    pub fn redacted_headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers.iter().map(|(name, value)| match *name {
            "authorization" | "x-tc-token" => (*name, "(hidden)"),
            _ => (*name, value.as_str()),
        })
    }

    /// The URL as it may be shown: without the UserSig.
    #[must_use]
    pub fn redacted_url(&self) -> String {
        redact(&self.url)
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.redacted_url())
            .field("headers", &self.redacted_headers().collect::<Vec<_>>())
            .field("body", &self.redacted_body())
            .finish()
    }
}

const HIDDEN: &str = "(hidden)";

/// A body as it may be shown.
struct Redacted<'a>(Members<'a>);

impl Serialize for Redacted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Shown<'a> {
            Hidden(&'static str),
            Json(&'a RawValue),
        }

        let Redacted(Members(members)) = self;
        serializer.collect_map(members.iter().map(|(name, json)| match &**name {
            "UserSig" | "PrivateMapKey" => (name, Shown::Hidden(HIDDEN)),
            _ => (name, Shown::Json(json)),
        }))
    }
}

/// The host of a URL, and the port if it is named.
pub(crate) fn host_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Replaces the value of every `usersig` parameter.
fn redact(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else {
        return url.to_owned();
    };
    let parameters: Vec<&str> = query
        .split('&')
        .map(|parameter| {
            if is_user_sig(parameter) {
                "usersig=(hidden)"
            } else {
                parameter
            }
        })
        .collect();
    format!("{path}?{}", parameters.join("&"))
}

fn is_user_sig(parameter: &str) -> bool {
    parameter
        .split('=')
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("usersig"))
}

/// All bytes but those that RFC 3986 calls unreserved; and `*`, a sub-delimiter without meaning in these queries, since
/// UserSigs hold it.
const ESCAPED_IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'*');

/// Appends `value` to a query, with everything escaped that is not plain there.
pub(crate) fn push_query_value(url: &mut String, value: &str) {
    url.extend(utf8_percent_encode(value, ESCAPED_IN_QUERY));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_request_hides_the_user_sig() {
        let request = HttpRequest::post_json(
            "https://h/v4/a/b?sdkappid=1&usersig=MARKED&random=2".to_owned(),
            "{}".to_owned(),
        );
        let printed = format!("{request:?}");
        assert!(!printed.contains("MARKED"));
        assert!(printed.contains("usersig=(hidden)&random=2"));
    }

    #[test]
    fn query_values_are_escaped() {
        let mut url = String::new();
        push_query_value(&mut url, "a*-_~.&=%+ /用");
        assert_eq!(url, "a*-_~.%26%3D%25%2B%20%2F%E7%94%A8");
    }

    #[test]
    fn a_printed_body_hides_tokens_and_nothing_else() {
        let json = r#"{"UserSig":"a\"b\\","StreamUrl":"\"UserSig\":\"c","PrivateMapKey":"d"}"#;
        let request = HttpRequest::post_json(String::new(), json.to_owned());
        assert_eq!(
            request.redacted_body(),
            r#"{"UserSig":"(hidden)","StreamUrl":"\"UserSig\":\"c","PrivateMapKey":"(hidden)"}"#
        );
        let cut = HttpRequest::post_json(String::new(), r#"{"UserSig":"MARKED"#.to_owned());
        assert_eq!(cut.redacted_body(), "(hidden)");
    }
}
