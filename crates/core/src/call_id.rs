use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::text_id::text_id;
use crate::{Problem, ProblemCode};

/// The service's UUID-like name of one call.
///
/// Its form is the service's affair: any non-empty text without white space or control characters, of
/// at most 128 bytes, is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct CallId(
    #[cfg_attr(feature = "openapi", schemars(regex(pattern = "^[!-~]{1,128}$")))] String,
);

/// Far above the 36 of a UUID; keeps a pasted file from becoming a CallId.
const MAX_BYTES: usize = 128;

impl CallId {
    /// Takes a CallId that the service gave.
    ///
    /// # Errors
    /// If it is empty, longer than 128 bytes, or holds white space or control characters.
    pub fn new(id: impl Into<String>) -> Result<CallId, Problem> {
        let id = id.into();
        let (code, rule) = if id.is_empty() {
            (ProblemCode::Empty, "must not be empty")
        } else if id.len() > MAX_BYTES {
            (ProblemCode::TooLong, "must be at most 128 bytes long")
        } else if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
            let rule = "must not hold white space or control characters";
            (ProblemCode::WhiteSpace, rule)
        } else {
            return Ok(CallId(id));
        };
        let fix = "use the CallId that start_call_by_robot or a webhook gave";
        let problem = Problem::new("call_id", rule, fix).coded(code);
        Err(match code {
            ProblemCode::TooLong => problem.with("max", MAX_BYTES),
            _ => problem,
        })
    }

    /// A CallId as the service reported it, unchecked.
    pub(crate) fn reported(id: impl Into<String>) -> CallId {
        CallId(id.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_id!(CallId);

impl TryFrom<&str> for CallId {
    type Error = Problem;

    fn try_from(id: &str) -> Result<CallId, Problem> {
        CallId::new(id)
    }
}

impl TryFrom<String> for CallId {
    type Error = Problem;

    fn try_from(id: String) -> Result<CallId, Problem> {
        CallId::new(id)
    }
}

impl From<&CallId> for CallId {
    fn from(id: &CallId) -> CallId {
        id.clone()
    }
}

impl FromStr for CallId {
    type Err = Problem;

    fn from_str(id: &str) -> Result<CallId, Problem> {
        CallId::new(id)
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
