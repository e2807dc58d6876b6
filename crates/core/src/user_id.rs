use std::fmt;
use std::str::FromStr;

use serde::{Deserializer, Serialize};

use crate::quoted::quoted;
use crate::text_id::text_id;
use crate::{Problem, ProblemCode, stored};

/// A user's name within an application (`UserID`, `User_Account`, `identifier`).
///
/// Names made here are held to the rule of the vendor's libraries: 1 to 32 bytes of ASCII letters,
/// digits, `_` and `-`. Older tenants hold names outside that rule: [`UserId::any`] takes them. What
/// the service sends is never refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct UserId(
    #[cfg_attr(
        feature = "openapi",
        schemars(regex(pattern = "^[A-Za-z0-9_-]{1,32}$"))
    )]
    String,
);

impl UserId {
    /// The longest name the rule allows, in bytes.
    pub const MAX_BYTES: usize = 32;

    /// Takes a name that follows the UserID rule.
    ///
    /// # Errors
    /// If it is not 1 to 32 bytes of ASCII letters, digits, `_` and `-`.
    pub fn new(name: impl Into<String>) -> Result<UserId, Problem> {
        let name = name.into();
        let problem = |rule: String| {
            let fix = "use a conforming UserID, or opt out of the rule for an older tenant: `allow_any_user_id`";
            Problem::new("user_id", rule, fix)
        };
        if name.is_empty() {
            return Err(problem("must not be empty".to_owned()).coded(ProblemCode::Empty));
        }
        if let Some(character) = name.chars().find(|c| !is_allowed(*c)) {
            let found = quoted(character.encode_utf8(&mut [0; 4]));
            let rule = format!("may hold ASCII letters, digits, `_` and `-` only, not {found}");
            return Err(problem(rule)
                .coded(ProblemCode::WrongCharacter)
                .with("found", character.to_string()));
        }
        if name.len() > UserId::MAX_BYTES {
            let (max, found) = (UserId::MAX_BYTES, name.len());
            let rule = format!("must be at most {max} bytes long, not {found}");
            return Err(problem(rule)
                .coded(ProblemCode::TooLong)
                .with("max", max)
                .with("found", found));
        }
        Ok(UserId(name))
    }

    /// Takes any name, for tenants whose names are outside the rule and for what the service sends.
    pub fn any(name: impl Into<String>) -> UserId {
        UserId(name.into())
    }

    /// Reads any name: `#[serde(deserialize_with = "UserId::deserialize_any")]`. By itself a name is held to the rule.
    ///
    /// # Errors
    /// If it is no string.
    pub fn deserialize_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UserId, D::Error> {
        stored::text(deserializer)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

text_id!(UserId);

impl TryFrom<&str> for UserId {
    type Error = Problem;

    fn try_from(name: &str) -> Result<UserId, Problem> {
        UserId::new(name)
    }
}

impl TryFrom<String> for UserId {
    type Error = Problem;

    fn try_from(name: String) -> Result<UserId, Problem> {
        UserId::new(name)
    }
}

impl TryFrom<&String> for UserId {
    type Error = Problem;

    fn try_from(name: &String) -> Result<UserId, Problem> {
        UserId::new(name)
    }
}

impl From<&UserId> for UserId {
    fn from(name: &UserId) -> UserId {
        name.clone()
    }
}

impl FromStr for UserId {
    type Err = Problem;

    fn from_str(name: &str) -> Result<UserId, Problem> {
        UserId::new(name)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_1_to_32_bytes_of_letters_digits_underscore_and_hyphen() {
        assert!(UserId::new("jack").is_ok());
        assert!(UserId::new("abcdefghijklmnopqrstuvwxyz-_0123").is_ok());
        for name in ["", "jack smith", "用户", "a\n", "a.b", &"x".repeat(33)] {
            assert_eq!(UserId::new(name).unwrap_err().field, "user_id", "{name:?}");
        }
    }

    #[test]
    fn any_takes_names_outside_the_rule() {
        assert_eq!(UserId::any("用户 1").as_str(), "用户 1");
    }
}
