use std::fmt;

use zeroize::Zeroizing;

use crate::{Problem, ProblemCode, secret_text};

/// An access key of the cloud account: who signs. The key and the token are wiped from memory when
/// dropped, and never printed.
///
/// The console shows both halves under access management (`SecretId` and `SecretKey`). It is not the
/// application's secret key, which signs UserSigs.
#[derive(Clone)]
pub struct Credential {
    secret_id: String,
    secret_key: Zeroizing<String>,
    token: Option<Zeroizing<String>>,
}

impl Credential {
    /// A lasting credential.
    ///
    /// # Errors
    /// If the id is not printable ASCII without `/`, `,` and spaces, or one of them is not what a console shows
    /// ([`secret_text::check`]).
    pub fn new(
        secret_id: impl Into<String>,
        secret_key: impl Into<String>,
    ) -> Result<Credential, Problem> {
        Credential::checked(&secret_id.into(), &Zeroizing::new(secret_key.into()))
    }

    fn checked(secret_id: &str, secret_key: &str) -> Result<Credential, Problem> {
        let secret_id = secret_text::check("secret_id", secret_id)?.to_owned();
        // It stands in a header, between a `=` and a `/`.
        if !is_header_word(&secret_id) || secret_id.contains(['/', ',']) {
            return Err(Problem::new(
                "secret_id",
                "must be 1 to 4096 printable ASCII characters other than `/` and `,`",
                "copy the SecretId from the console's access management",
            )
            .coded(ProblemCode::WrongCharacter));
        }
        let secret_key = secret_text::check("cloud_secret_key", secret_key)?;
        let secret_key = Zeroizing::new(secret_key.to_owned());
        Ok(Credential {
            secret_id,
            secret_key,
            token: None,
        })
    }

    /// A temporary credential, which comes with a token.
    ///
    /// # Errors
    /// If the token is not printable ASCII without spaces.
    pub fn with_token(mut self, token: impl Into<String>) -> Result<Credential, Problem> {
        let token = Zeroizing::new(token.into());
        let token = Zeroizing::new(secret_text::check("cloud_token", &token)?.to_owned());
        if !is_header_word(&token) {
            return Err(Problem::new(
                "cloud_token",
                "must be 1 to 4096 printable ASCII characters, without spaces",
                "use the Token that came with the temporary SecretId; leave it out for a lasting one",
            ));
        }
        self.token = Some(token);
        Ok(self)
    }

    /// The public half.
    #[must_use]
    pub fn secret_id(&self) -> &str {
        &self.secret_id
    }

    /// The secret half's bytes, for signing. Do not print them.
    #[must_use]
    pub fn expose_secret_key(&self) -> &[u8] {
        self.secret_key.as_bytes()
    }

    /// The token of a temporary credential. Do not print it.
    #[must_use]
    pub fn expose_token(&self) -> Option<&str> {
        self.token.as_ref().map(|token| token.as_str())
    }
}

/// Whether `text` can stand in a header as one word.
fn is_header_word(text: &str) -> bool {
    (1..=4096).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("secret_id", &self.secret_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_prints_neither_key_nor_token() {
        let credential = Credential::new("AKID", "MARKED")
            .unwrap()
            .with_token("MARKED")
            .unwrap();
        let printed = format!("{credential:?}");
        assert!(printed.contains("AKID"));
        assert!(!printed.contains("MARKED"), "{printed}");
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused_without_printing_it() {
        for (id, key, field) in [
            ("", "k", "secret_id"),
            ("a b", "k", "secret_id"),
            ("a\r\nx: y", "k", "secret_id"),
            ("a/b", "k", "secret_id"),
            ("a,b", "k", "secret_id"),
            ("a", "", "cloud_secret_key"),
            ("a", "MARKED\n", "cloud_secret_key"),
        ] {
            let problem = Credential::new(id, key).unwrap_err();
            assert_eq!(problem.field, field);
            assert!(!problem.to_string().contains("MARKED"));
        }
        for token in ["", "MARKED\n", "a b", "ü"] {
            let credential = Credential::new("a", "k").unwrap();
            let problem = credential.with_token(token).unwrap_err();
            assert_eq!(problem.field, "cloud_token");
            assert!(!problem.to_string().contains("MARKED"));
        }
    }
}
