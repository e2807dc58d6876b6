//! UserSig.
use std::fmt;
/// A token.
#[derive(Clone, PartialEq, Eq)]
pub struct UserSig(String);
impl UserSig {
    /// The token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Debug for UserSig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserSig(hidden)")
    }
}
