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
        self.headers.iter().map(|(name, value)| {
            let shown = if is_secret_header(name) {
                HIDDEN
            } else {
                value
            };
            (*name, shown)
        })
    }

    /// The URL as it may be shown: without the UserSig.
    #[must_use]
    pub fn redacted_url(&self) -> String {
        redact(&self.url)
    }

    /// What is secret in it, to be hidden in the reply: servers and proxies that know no such path like to repeat the
    /// URL, and errors show what came.
    #[must_use]
    pub fn secrets(&self) -> RequestSecrets {
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let in_url = query.split('&').filter(|parameter| is_user_sig(parameter));
        let in_url = in_url.filter_map(|parameter| Some(parameter.split_once('=')?.1.to_owned()));
        let in_headers = self
            .headers
            .iter()
            .filter(|(name, _)| is_secret_header(name));
        let in_headers = in_headers.map(|(_, value)| value.clone());
        let Members(members) = serde_json::from_str(&self.body).unwrap_or(Members(Vec::new()));
        let in_body = members.iter().filter(|(name, _)| is_secret_member(name));
        let in_body = in_body.filter_map(|(_, json)| serde_json::from_str(json.get()).ok());
        let mut secrets: Vec<String> = in_url.chain(in_headers).chain(in_body).collect();
        secrets.retain(|secret| !secret.is_empty());
        // Some languages escape what need not be escaped in a query.
        let escaped = secrets.iter().filter(|secret| secret.contains('*'));
        let escaped: Vec<String> = escaped.map(|secret| secret.replace('*', "%2A")).collect();
        secrets.extend(escaped);
        RequestSecrets(secrets)
    }
}

/// The secrets of a request, from [`HttpRequest::secrets`].
#[derive(Clone)]
pub struct RequestSecrets(Vec<String>);

impl RequestSecrets {
    /// The text without them.
    #[must_use]
    pub fn hide(&self, text: String) -> String {
        let RequestSecrets(secrets) = self;
        secrets
            .iter()
            .fold(text, |shown, secret| shown.replace(secret, HIDDEN))
    }

    /// A reply's body without them. One that holds none stays as it is.
    #[must_use]
    pub fn hide_in_body(&self, body: Vec<u8>) -> Vec<u8> {
        let text = String::from_utf8_lossy(&body);
        let RequestSecrets(secrets) = self;
        if secrets.iter().any(|secret| text.contains(secret)) {
            return self.hide(text.into_owned()).into_bytes();
        }
        body
    }
}

impl fmt::Debug for RequestSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestSecrets").field(&HIDDEN).finish()
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
        serializer.collect_map(members.iter().map(|(name, json)| {
            let shown = if is_secret_member(name) {
                Shown::Hidden(HIDDEN)
            } else {
                Shown::Json(json)
            };
            (name, shown)
        }))
    }
}

fn is_secret_header(name: &str) -> bool {
    matches!(name, "authorization" | "x-tc-token")
}

fn is_secret_member(name: &str) -> bool {
    matches!(name, "UserSig" | "PrivateMapKey")
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
    fn a_reply_that_repeats_the_request_hides_its_secrets() {
        let mut request = HttpRequest::post_json(
            "https://h/v4/a?sdkappid=1&usersig=eJx*SIG-_&random=2".to_owned(),
            r#"{"UserId":"robot","UserSig":"TOKEN","PrivateMapKey":"KEY"}"#.to_owned(),
        );
        request
            .headers
            .push(("authorization", "SIGNATURE".to_owned()));
        let secrets = request.secrets();
        let told = |body: &str| {
            let shown = secrets.hide_in_body(body.as_bytes().to_vec());
            String::from_utf8(shown).unwrap()
        };
        let echo = r#"Route POST:/v4/a?sdkappid=1&usersig=eJx*SIG-_&random=2 not found"#;
        let shown = r#"Route POST:/v4/a?sdkappid=1&usersig=(hidden)&random=2 not found"#;
        assert_eq!(told(echo), shown);
        assert_eq!(told("?usersig=eJx%2ASIG-_"), "?usersig=(hidden)");
        assert_eq!(
            told("TOKEN, KEY, SIGNATURE, robot"),
            "(hidden), (hidden), (hidden), robot"
        );
        assert_eq!(secrets.hide_in_body(vec![0xff, b'a']), [0xff, b'a']);
        assert_eq!(format!("{secrets:?}"), r#"RequestSecrets("(hidden)")"#);
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
