//! Who may use the console: the browser that opened a URL of it, once, and whatever has that browser's cookie.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use base16ct::lower::{decode_vec, encode_string};
use ctutils::CtEq as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use trtc_call::{Problem, secret_text};

/// The secret that the cookies of browsers are signed with. It stands in no URL and leaves the process in no form.
/// `Debug` hides it.
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
        Ok(SessionToken(random()?))
    }

    /// A token of your own, so that browsers stay signed in when the console is started anew: at least 32
    /// letters, digits, `-` and `_`, from a random source.
    ///
    /// # Errors
    /// If it is shorter, or holds anything else (what cannot be seen is named), or was clearly made up by hand.
    pub fn new(token: impl Into<String>) -> Result<SessionToken, Problem> {
        let token = token.into();
        let token = secret_text::check("session token", &token)?.to_owned();
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let rule = if token.len() < MIN_BYTES || !token.bytes().all(is_plain) {
            "must be at least 32 letters, digits, `-` and `_`"
        } else if is_guessable(token.as_bytes()) {
            "must come from a random source: this one repeats or counts"
        } else {
            return Ok(SessionToken(token));
        };
        let fix = "make one with `openssl rand -hex 32`, or leave it out";
        Err(Problem::new("session token", rule, fix))
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(hidden)")
    }
}

/// Whether a text has few different characters, repeats itself, or counts: what 32 random digits do not do in the
/// lifetime of a universe.
fn is_guessable(text: &[u8]) -> bool {
    let different = text.iter().collect::<BTreeSet<_>>().len();
    let repeats = (1..=text.len() / 2).any(|period| {
        let rest = text.get(period..).unwrap_or_default();
        rest.iter().zip(text).all(|(one, other)| one == other)
    });
    let neighbours = text.iter().zip(text.iter().skip(1));
    let steps = neighbours.filter(|(one, other)| one.abs_diff(**other) <= 1);
    different < 8 || repeats || steps.count() > text.len() / 2
}

/// 256 bits from the system's random source.
fn random() -> io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(encode_string(&bytes))
}

/// Tells the requests of a browser that opened a URL of the console from all others.
pub(crate) struct Session {
    token: SessionToken,
    /// Cookies are shared between the ports of a host, so the port is in the name.
    cookie_name: String,
    /// The ticket of the URL that was printed last, until it is used: a URL stays in a browser's history.
    ticket: Mutex<Option<String>>,
    /// The cookies that were signed out.
    closed: Mutex<BTreeSet<String>>,
}

impl Session {
    pub(crate) fn new(token: SessionToken, port: u16) -> Session {
        Session {
            token,
            cookie_name: format!("trtc_call_console_{port}"),
            ticket: Mutex::default(),
            closed: Mutex::default(),
        }
    }

    /// Makes a ticket, which opens one session. It takes the place of the one before.
    pub(crate) fn new_ticket(&self) -> io::Result<String> {
        let ticket = random()?;
        *lock(&self.ticket) = Some(ticket.clone());
        Ok(ticket)
    }

    /// `Set-Cookie` with a random cookie that no script can read, in exchange for the ticket in `Authorization`.
    pub(crate) fn redeem(&self, headers: &HeaderMap) -> io::Result<Option<String>> {
        let bearer = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
        let given = bearer.and_then(|bearer| bearer.strip_prefix("Bearer "));
        let mut ticket = lock(&self.ticket);
        let is_right = |given: &str| ticket.as_ref().is_some_and(|ticket| is_same(given, ticket));
        if !given.is_some_and(is_right) {
            return Ok(None);
        }
        let nonce = random()?;
        *ticket = None;
        let seal = encode_string(&self.seal(&nonce).finalize().into_bytes());
        let name = &self.cookie_name;
        Ok(Some(format!(
            "{name}={nonce}.{seal}; Path=/api; HttpOnly; SameSite=Strict"
        )))
    }

    /// Whether a cookie shows that a ticket was there.
    pub(crate) fn is_open(&self, headers: &HeaderMap) -> bool {
        self.nonce(headers).is_some()
    }

    /// Signs a browser out: its cookie opens nothing any more. Gives the `Set-Cookie` that takes it back.
    pub(crate) fn close(&self, headers: &HeaderMap) -> String {
        if let Some(nonce) = self.nonce(headers) {
            lock(&self.closed).insert(nonce.to_owned());
        }
        let name = &self.cookie_name;
        format!("{name}=; Path=/api; HttpOnly; SameSite=Strict; Max-Age=0")
    }

    /// What makes a cookie one of a kind, where there is one that this console has sealed.
    fn nonce<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let cookies = headers.get_all(COOKIE).into_iter();
        cookies
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie_name)
            .filter_map(|(_, value)| value.split_once('.'))
            .find(|(nonce, seal)| {
                let seal = decode_vec(seal.as_bytes()).unwrap_or_default();
                self.seal(nonce).verify_slice(&seal).is_ok() && !lock(&self.closed).contains(*nonce)
            })
            .map(|(nonce, _)| nonce)
    }

    /// Follows from the token, so that cookies outlive a restart with the same one.
    fn seal(&self, nonce: &str) -> Hmac<Sha256> {
        let key = self.token.0.as_bytes();
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
        mac.update(b"trtc-call console cookie\n");
        mac.update(nonce.as_bytes());
        mac
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes the same time wherever they differ.
fn is_same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).to_bool()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    const TOKEN: &str = "7c0d3f5b91a24e68-b1c95ae07d3f8246";

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn session() -> Session {
        Session::new(SessionToken::new(TOKEN).unwrap(), 80)
    }

    fn signed_in(session: &Session) -> (String, String) {
        let ticket = session.new_ticket().unwrap();
        let bearer = headers(AUTHORIZATION, &format!("Bearer {ticket}"));
        let set = session.redeem(&bearer).unwrap().unwrap();
        (ticket, set)
    }

    #[test]
    fn a_ticket_opens_one_session_and_nothing_like_it_opens_any() {
        let session = session();
        let ticket = session.new_ticket().unwrap();
        let redeem = |text: &str| session.redeem(&headers(AUTHORIZATION, text)).unwrap();
        for wrong in [
            ticket.clone(),
            format!("Bearer {}", &ticket[1..]),
            format!("Bearer {ticket}0"),
            format!("Bearer {TOKEN}"),
            "Bearer ".to_owned(),
        ] {
            assert_eq!(redeem(&wrong), None, "{wrong}");
        }
        assert_eq!(session.redeem(&HeaderMap::new()).unwrap(), None);
        assert!(redeem(&format!("Bearer {ticket}")).is_some());
        assert_eq!(redeem(&format!("Bearer {ticket}")), None, "a second time");
        let older = session.new_ticket().unwrap();
        let newer = session.new_ticket().unwrap();
        assert_eq!(
            redeem(&format!("Bearer {older}")),
            None,
            "another took its place"
        );
        assert!(redeem(&format!("Bearer {newer}")).is_some());
    }

    #[test]
    fn a_cookie_is_random_opens_beside_others_and_outlives_a_restart() {
        let session = session();
        let ((ticket, set), (_, another)) = (signed_in(&session), signed_in(&session));
        assert_ne!(set, another);
        for secret in [TOKEN, &ticket] {
            assert!(!set.contains(secret));
        }
        let (cookie, attributes) = set.split_once(';').unwrap();
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/api"] {
            assert!(attributes.contains(attribute), "{attribute}");
        }
        assert!(session.is_open(&headers(COOKIE, &format!("a=b; {cookie}"))));
        let again = Session::new(SessionToken::new(TOKEN).unwrap(), 80);
        assert!(again.is_open(&headers(COOKIE, cookie)), "after a restart");
        let other = Session::new(SessionToken::random().unwrap(), 80);
        assert!(!other.is_open(&headers(COOKIE, cookie)));
        for forged in [
            format!("trtc_call_console_80={TOKEN}"),
            format!("{cookie}0"),
            cookie.replace('=', "=0"),
            cookie.replace('.', ""),
        ] {
            assert!(!session.is_open(&headers(COOKIE, &forged)), "{forged}");
        }
    }

    #[test]
    fn who_signs_out_is_out_whoever_kept_the_cookie() {
        let session = session();
        let (_, set) = signed_in(&session);
        let (_, other) = signed_in(&session);
        let cookie = |set: &str| headers(COOKIE, set.split(';').next().unwrap());
        let taken = session.close(&cookie(&set));
        assert!(
            taken.contains("=;") && taken.contains("Max-Age=0"),
            "{taken}"
        );
        assert!(!session.is_open(&cookie(&set)));
        assert!(session.is_open(&cookie(&other)));
    }

    #[test]
    fn a_token_is_long_and_never_printed() {
        assert!(SessionToken::new(&TOKEN[2..]).is_err());
        assert!(SessionToken::new(format!("{TOKEN} ")).is_err());
        let token = SessionToken::random().unwrap();
        assert_eq!(token.0.len(), 64);
        assert_eq!(format!("{token:?}"), "SessionToken(hidden)");
    }

    #[test]
    fn a_token_that_somebody_made_up_is_refused() {
        for made_up in [
            "a".repeat(32),
            "password".repeat(4),
            "0123456789abcdef".repeat(2),
            "0123456789abcdefghijklmnopqrstuvwxyz".to_owned(),
            "aabbccddeeffgghhiijjkkllmmnnoopp".to_owned(),
            "abababababababababababababababab-x".to_owned(),
        ] {
            let problem = SessionToken::new(&made_up).unwrap_err();
            assert!(problem.rule.contains("random"), "{problem}");
            assert!(!problem.to_string().contains(&made_up));
        }
        for _ in 0..1000 {
            assert!(SessionToken::new(random().unwrap().get(..32).unwrap()).is_ok());
        }
    }
}
