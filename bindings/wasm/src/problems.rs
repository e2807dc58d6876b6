use trtc_call_core::{InvalidRequest, Problem};

use crate::error::Failure;

/// Gathers all that is wrong with what JavaScript gave.
#[derive(Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    /// The value, or nothing but a note of the problem.
    pub(crate) fn note<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.0.push(problem)).ok()
    }

    /// The request, or nothing but a note of all that is wrong with it.
    pub(crate) fn note_all<T>(&mut self, result: Result<T, InvalidRequest>) -> Option<T> {
        result
            .map_err(|invalid| self.extend(invalid.into_problems()))
            .ok()
    }

    /// Notes more problems.
    pub(crate) fn extend(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.0.extend(problems);
    }

    /// What was noted, as a failure.
    pub(crate) fn into_failure(self) -> Failure {
        Failure::invalid(self.0)
    }

    /// The values, if all are there and nothing was noted.
    pub(crate) fn unless_any<T>(self, values: Option<T>) -> Result<T, Failure> {
        match values {
            Some(values) if self.0.is_empty() => Ok(values),
            _ => Err(Failure::invalid(self.0)),
        }
    }
}
