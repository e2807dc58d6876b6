//! Fields that this release does not know.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::members::Members;
use crate::quoted::quoted;
use crate::{JsonText, Problem, ProblemCode};

/// Fields that the service has and this release does not know, by their names: they travel as they are.
///
/// A name that this library knows is a problem when the request is built or checked: what is sent is never
/// replaced in silence.
///
/// ```
/// use trtc_call_core::Extra;
///
/// let extra = Extra::from_json(r#"{"NewerField":12345678901234567890}"#)?;
/// assert_eq!(extra.get("NewerField").unwrap().as_str(), "12345678901234567890");
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extra(BTreeMap<String, JsonText>);

impl Extra {
    /// No further field.
    #[must_use]
    pub fn new() -> Extra {
        Extra::default()
    }

    /// The members of a JSON object.
    ///
    /// # Errors
    /// If it is no JSON object, or a name stands there twice.
    pub fn from_json(json: &str) -> Result<Extra, Problem> {
        let members = serde_json::from_str::<Members<'_>>(json).map_err(|error| {
            Problem::new(
                "extra",
                format!("must be a JSON object: {error}"),
                "write the further fields by their names, such as {\"Name\":\"value\"}",
            )
            .coded(ProblemCode::NotAnObject)
        })?;
        let mut extra = Extra::new();
        for (name, value) in members.0 {
            if extra.insert(&*name, value.into()).is_some() {
                return Err(Problem::new(
                    format!("extra.{name}"),
                    "stands there twice",
                    "name each field once",
                )
                .coded(ProblemCode::GivenTwice));
            }
        }
        Ok(extra)
    }

    /// Adds a field, and gives what stood there before.
    pub fn insert(&mut self, name: impl Into<String>, value: JsonText) -> Option<JsonText> {
        self.0.insert(name.into(), value)
    }

    /// The field of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&JsonText> {
        self.0.get(name)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &JsonText)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The problems with names that are `known` at `path`.
    pub(crate) fn check<'a>(
        &'a self,
        path: &'a str,
        is_known: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = Problem> + 'a {
        let known = self.0.keys().filter(move |name| is_known(name));
        known.map(move |name| {
            Problem::new(
                format!("{path}extra.{name}"),
                format!("{} is a field that this library knows", quoted(name)),
                "give it by its own setting: a further field never replaces what is sent",
            )
            .coded(ProblemCode::KnownField)
        })
    }
}

impl FromIterator<(String, JsonText)> for Extra {
    fn from_iter<I: IntoIterator<Item = (String, JsonText)>>(fields: I) -> Extra {
        Extra(fields.into_iter().collect())
    }
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_fields_are_kept_to_the_digit() {
        let json = r#"{"A":{"z":1.10,"a":[12345678901234567890]},"B":"\u0041"}"#;
        let extra = Extra::from_json(json).unwrap();
        assert_eq!(serde_json::to_string(&extra).unwrap(), json);
        let twice = Extra::from_json(r#"{"A":1,"A":2}"#).unwrap_err();
        assert_eq!(twice.field, "extra.A");
        for json in ["", "[]", "null", "{", "{} {}"] {
            assert_eq!(Extra::from_json(json).unwrap_err().field, "extra", "{json}");
        }
    }
}
