use std::fmt;

use ctutils::CtEq as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{Problem, ProblemCode, secret_text};

/// The token that the console and your server share, which signs webhooks. Wiped from memory when
/// dropped, never printed.
#[derive(Clone)]
pub struct WebhookToken(Zeroizing<String>);

impl WebhookToken {
    /// Takes the token as the console shows it.
    ///
    /// # Errors
    /// If it is empty, or not what a console shows ([`secret_text::check`]).
    pub fn new(token: impl Into<String>) -> Result<WebhookToken, Problem> {
        let token = Zeroizing::new(token.into());
        if token.is_empty() {
            return Err(Problem::new(
                "token",
                "must not be empty",
                "copy the token from the console, where the webhooks' authentication is switched on",
            )
            .coded(ProblemCode::Empty));
        }
        let token = secret_text::check("token", &token)?;
        Ok(WebhookToken(Zeroizing::new(token.to_owned())))
    }

    /// The token's bytes, for signing. Do not print them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// `Sign` for a `RequestTime`: lower-case hexadecimal SHA-256 of the token and the decimal text.
    pub(super) fn sign(&self, request_time: &str) -> String {
        let mut hash = Sha256::new();
        hash.update(self.0.as_bytes());
        hash.update(request_time.as_bytes());
        base16ct::lower::encode_string(&hash.finalize())
    }

    /// Whether `sign` was made with this token and `request_time`. Takes the same time wherever they
    /// differ.
    pub(super) fn is_signature(&self, sign: &str, request_time: &str) -> bool {
        let expected = self.sign(request_time);
        expected.as_bytes().ct_eq(sign.as_bytes()).to_bool()
    }
}

impl fmt::Debug for WebhookToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_hash_of_token_and_request_time() {
        let token = WebhookToken::new("abc").unwrap();
        // printf 'abc1669872112' | sha256sum
        let sign = "b29e7955127105a133d92bf7b8eaa19db951ad32540f5c4c217be01c9638d508";
        assert_eq!(token.sign("1669872112"), sign);
        assert!(token.is_signature(sign, "1669872112"));
        assert!(!token.is_signature(sign, "1669872113"));
        assert!(!token.is_signature(&sign.to_uppercase(), "1669872112"));
        assert!(!token.is_signature(&sign[1..], "1669872112"));
        assert!(!token.is_signature("", "1669872112"));
    }

    #[test]
    fn a_token_is_never_printed_and_never_empty_or_with_a_line_break() {
        let token = WebhookToken::new("MARKED").unwrap();
        assert_eq!(format!("{token:?}"), "WebhookToken(hidden)");
        for token in ["", " ", "MARKED\n"] {
            let problem = WebhookToken::new(token).unwrap_err();
            assert_eq!(problem.field, "token");
            assert!(!problem.to_string().contains("MARKED"));
        }
    }
}
