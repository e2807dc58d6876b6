use std::fmt;

use zeroize::Zeroizing;

use crate::{Problem, ProblemCode, secret_text};

/// The application's secret key, which signs UserSigs. Wiped from memory when dropped, never printed.
///
/// 64 hexadecimal characters in practice; any text that can be seen is accepted. The console shows it
/// under the application's basic information. Whoever holds it can act as every user of the
/// application: keep it on the server.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Takes the key as the console shows it.
    ///
    /// # Errors
    /// If it is empty, or not what a console shows ([`secret_text::check`]): it would sign tokens that the
    /// service refuses.
    pub fn new(key: impl Into<String>) -> Result<SecretKey, Problem> {
        let key = Zeroizing::new(key.into());
        if key.is_empty() {
            return Err(Problem::new(
                "secret_key",
                "must not be empty",
                "copy the key from the console's application page",
            )
            .coded(ProblemCode::Empty));
        }
        let key = secret_text::check("secret_key", &key)?;
        Ok(SecretKey(Zeroizing::new(key.to_owned())))
    }

    /// The key's bytes, for signing. Do not print them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let key = SecretKey::new("MARKED").unwrap();
        assert_eq!(format!("{key:?}"), "SecretKey(hidden)");
    }

    #[test]
    fn an_empty_key_or_one_with_a_line_break_is_refused_without_printing_it() {
        assert_eq!(SecretKey::new("").unwrap_err().field, "secret_key");
        let problem = SecretKey::new("MARKED\n").unwrap_err();
        assert!(problem.fix.contains("trim"));
        assert!(!problem.to_string().contains("MARKED"));
    }
}
