//! Requests and replies as data, for any HTTP client.

use std::fmt;

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

    /// The body as it may be shown: without the UserSig and the PrivateMapKey that starting a stream
    /// carries.
    #[must_use]
    pub fn redacted_body(&self) -> String {
        SECRET_MEMBERS
            .into_iter()
            .fold(self.body.clone(), |body, name| hide_member(&body, name))
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

const SECRET_MEMBERS: [&str; 2] = ["\"UserSig\":\"", "\"PrivateMapKey\":\""];

/// Replaces the text behind every `member`. Within a JSON string its quotes would be escaped, so that
/// it is a member's name wherever it stands.
fn hide_member(json: &str, member: &str) -> String {
    let mut parts = json.split(member);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut is_escaped = false;
        let end = part.find(|c: char| {
            let is_end = c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            is_end
        });
        shown.push_str(member);
        shown.push_str("(hidden)");
        shown.push_str(end.and_then(|end| part.get(end..)).unwrap_or_default());
    }
    shown
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

/// Whether the byte is one that RFC 3986 calls unreserved; or `*`, a sub-delimiter without meaning in these queries,
/// since UserSigs hold it.
pub(crate) fn is_plain_in_query(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'*')
}

/// Appends `value` to a query, with everything escaped that is not plain there.
pub(crate) fn push_query_value(url: &mut String, value: &str) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    let mut from = 0;
    for (index, &byte) in value.as_bytes().iter().enumerate() {
        if is_plain_in_query(byte) {
            continue;
        }
        // Plain ones are ASCII, so the text can be cut before and behind them.
        url.push_str(value.get(from..index).unwrap_or_default());
        from = index + 1;
        url.push('%');
        let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
        url.push(digit(byte >> 4));
        url.push(digit(byte & 0xf));
    }
    url.push_str(value.get(from..).unwrap_or_default());
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
    fn hidden_members_end_where_their_string_ends() {
        let json = r#"{"UserSig":"a\"b\\","StreamUrl":"\"UserSig\":\"c","PrivateMapKey":"d"}"#;
        let request = HttpRequest::post_json(String::new(), json.to_owned());
        assert_eq!(
            request.redacted_body(),
            r#"{"UserSig":"(hidden)","StreamUrl":"\"UserSig\":\"c","PrivateMapKey":"(hidden)"}"#
        );
        let cut = HttpRequest::post_json(String::new(), r#"{"UserSig":"MARKED"#.to_owned());
        assert_eq!(cut.redacted_body(), r#"{"UserSig":"(hidden)"#);
    }
}
