//! Who may use the console: whoever has the token of the URL that was printed.

use std::fmt;
use std::io;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base16ct::lower::encode_string;
use ctutils::CtEq as _;
use sha2::{Digest as _, Sha256};
use trtc_call::{Problem, secret_text};

/// The secret in the console's URL. `Debug` hides it.
#[derive(Clone)]
pub struct SessionToken(String);

/// The shortest token that is taken, in bytes.
const MIN_BYTES: usize = 32;

impl SessionToken {
    /// A token of 256 bits from the system's random source.
    ///
    /// # Errors
    /// If the system has none to give.
    pub fn random() -> io::Result<SessionToken> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(SessionToken(encode_string(&bytes)))
    }

    /// A token of your own, so that pages stay signed in when the console is started anew: at least 32
    /// letters, digits, `-` and `_`, from a random source.
    ///
    /// # Errors
    /// If it is shorter, or holds anything else; what cannot be seen is named.
    pub fn new(token: impl Into<String>) -> Result<SessionToken, Problem> {
        let token = token.into();
        let token = secret_text::check("session token", &token)?.to_owned();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if token.len() < MIN_BYTES || !token.bytes().all(is_plain) {
            return Err(Problem::new(
                "session token",
                "must be at least 32 letters, digits, `-` and `_`",
                "make one with `openssl rand -hex 32`, or leave it out",
            ));
        }
        Ok(SessionToken(token))
    }

    /// The token. Whoever has it rings phones.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(hidden)")
    }
}

/// Tells the requests of a page that was opened with the token from all others.
pub(crate) struct Session {
    token: SessionToken,
    /// Cookies are shared between the ports of a host, so the port is in the name.
    cookie_name: String,
    /// Follows from the token, so that it outlives a restart with the same one; the token does not follow
    /// from it.
    cookie_value: String,
}

impl Session {
    pub(crate) fn new(token: SessionToken, port: u16) -> Session {
        let mut hash = Sha256::new();
        hash.update(b"trtc-call console cookie\n");
        hash.update(token.0.as_bytes());
        Session {
            cookie_name: format!("trtc_call_console_{port}"),
            cookie_value: encode_string(&hash.finalize()),
            token,
        }
    }

    pub(crate) fn token(&self) -> &SessionToken {
        &self.token
    }

    /// `Set-Cookie`, which exchanges the token for a cookie that no script can read.
    pub(crate) fn set_cookie(&self) -> String {
        let Session {
            cookie_name: name,
            cookie_value: value,
            ..
        } = self;
        format!("{name}={value}; Path=/api; HttpOnly; SameSite=Strict")
    }

    /// `Set-Cookie`, which takes it back.
    pub(crate) fn clear_cookie(&self) -> String {
        let name = &self.cookie_name;
        format!("{name}=; Path=/api; HttpOnly; SameSite=Strict; Max-Age=0")
    }

    /// Whether `Authorization` is the token.
    pub(crate) fn has_token(&self, headers: &HeaderMap) -> bool {
        let bearer = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let token = bearer.and_then(|bearer| bearer.strip_prefix("Bearer "));
        token.is_some_and(|token| is_same(token, &self.token.0))
    }

    /// Whether a cookie shows that the token was there.
    pub(crate) fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).into_iter();
        cookies
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .any(|(name, value)| name == self.cookie_name && is_same(value, &self.cookie_value))
    }
}

/// Takes the same time wherever they differ.
fn is_same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).to_bool()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn the_token_opens_and_nothing_like_it() {
        let session = Session::new(SessionToken::new(TOKEN).unwrap(), 80);
        assert!(session.has_token(&headers(AUTHORIZATION, &format!("Bearer {TOKEN}"))));
        for wrong in [
            TOKEN.to_owned(),
            format!("Bearer {}", &TOKEN[1..]),
            format!("Bearer {TOKEN}0"),
            format!("Bearer {}", TOKEN.to_uppercase()),
            "Bearer ".to_owned(),
        ] {
            assert!(
                !session.has_token(&headers(AUTHORIZATION, &wrong)),
                "{wrong}"
            );
        }
        assert!(!session.has_token(&HeaderMap::new()));
    }

    #[test]
    fn a_cookie_opens_beside_others_and_is_not_the_token() {
        let session = Session::new(SessionToken::new(TOKEN).unwrap(), 80);
        let set = session.set_cookie();
        assert!(!set.contains(TOKEN));
        let (cookie, attributes) = set.split_once(';').unwrap();
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/api"] {
            assert!(attributes.contains(attribute), "{attribute}");
        }
        assert!(session.has_cookie(&headers(COOKIE, &format!("a=b; {cookie}"))));
        let again = Session::new(SessionToken::new(TOKEN).unwrap(), 80);
        assert!(
            again.has_cookie(&headers(COOKIE, cookie)),
            "after a restart"
        );
        let other = Session::new(SessionToken::random().unwrap(), 80);
        assert!(!other.has_cookie(&headers(COOKIE, cookie)));
        let token_as_cookie = format!("trtc_call_console_80={TOKEN}");
        assert!(!session.has_cookie(&headers(COOKIE, &token_as_cookie)));
    }

    #[test]
    fn a_token_is_long_and_never_printed() {
        assert!(SessionToken::new(&TOKEN[1..]).is_err());
        assert!(SessionToken::new(format!("{TOKEN} ")).is_err());
        let token = SessionToken::random().unwrap();
        assert_eq!(token.expose().len(), 64);
        assert_eq!(format!("{token:?}"), "SessionToken(hidden)");
    }
}
