use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use crate::Problem;
use crate::text_id::text_id;

/// The service's name of one ingest task.
///
/// Its form is the service's affair: any non-empty text without white space or control characters, of
/// at most 512 bytes, is accepted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TaskId(String);

/// Far above what is seen; keeps a pasted file from becoming a task's id.
const MAX_BYTES: usize = 512;

impl TaskId {
    /// Takes a task's id that the service gave.
    ///
    /// # Errors
    /// If it is empty, longer than 512 bytes, or holds white space or control characters.
    pub fn new(id: impl Into<String>) -> Result<TaskId, Problem> {
        let id = id.into();
        let is_valid = (1..=MAX_BYTES).contains(&id.len())
            && !id.chars().any(|c| c.is_whitespace() || c.is_control());
        if is_valid {
            return Ok(TaskId(id));
        }
        Err(Problem::new(
            "task_id",
            "must be 1 to 512 bytes without white space or control characters",
            "use the TaskId that StartStreamIngest or a webhook gave",
        ))
    }

    /// A task's id as the service reported it, unchecked.
    pub(crate) fn reported(id: impl Into<String>) -> TaskId {
        TaskId(id.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_id!(TaskId);

impl TryFrom<&str> for TaskId {
    type Error = Problem;

    fn try_from(id: &str) -> Result<TaskId, Problem> {
        TaskId::new(id)
    }
}

impl TryFrom<String> for TaskId {
    type Error = Problem;

    fn try_from(id: String) -> Result<TaskId, Problem> {
        TaskId::new(id)
    }
}

impl From<&TaskId> for TaskId {
    fn from(id: &TaskId) -> TaskId {
        id.clone()
    }
}

impl FromStr for TaskId {
    type Err = Problem;

    fn from_str(id: &str) -> Result<TaskId, Problem> {
        TaskId::new(id)
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_word_of_at_most_512_bytes() {
        assert!(TaskId::new("-m4-f8J0tx8kG+/=").is_ok());
        assert!(TaskId::new("x".repeat(512)).is_ok());
        for id in ["", " ", "a b", "a\n", &"x".repeat(513)] {
            assert_eq!(TaskId::new(id).unwrap_err().field, "task_id", "{id:?}");
        }
    }
}
