//! What the page sent, on its way into the core's types: the core's rules judge the values, and what is
//! missing, misspelt or of the wrong type becomes a problem like any other.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use trtc_call::{Problem, RoomId, UserId};

use crate::failure::Failure;

/// The properties of a JSON object, taken out one by one, and all that is wrong with them.
pub(crate) struct Given {
    what: &'static str,
    properties: BTreeMap<String, Box<RawValue>>,
    problems: Vec<Problem>,
}

impl Given {
    /// Reads the JSON text of an object; `what` names it in problems.
    pub(crate) fn read(what: &'static str, json: &[u8]) -> Result<Given, Failure> {
        let properties = serde_json::from_slice(json).map_err(|error| {
            let rule = format!("must be a JSON object: {error}");
            Problem::new(what, rule, "send an object, its properties in camelCase")
        })?;
        Ok(Given {
            what,
            properties,
            problems: Vec::new(),
        })
    }

    /// A property as it stands there.
    pub(crate) fn raw(&mut self, name: &str) -> Option<Box<RawValue>> {
        self.properties.remove(name)
    }

    /// Whether the property is there and was not taken yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.properties.contains_key(name)
    }

    /// A property that is a string.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.value(name, "a string")
    }

    /// A property that is a list of strings.
    pub(crate) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.value(name, "an array of strings")
    }

    /// A property that is a whole number of `unit`.
    pub(crate) fn whole(&mut self, name: &str, unit: &str) -> Option<u64> {
        self.value(name, &format!("a whole number of {unit}"))
    }

    /// A property that is `true` or `false`, the latter when absent.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        self.value(name, "true or false").unwrap_or(false)
    }

    /// A property that is an object, read by `read`.
    pub(crate) fn object<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Given) -> Option<T>,
    ) -> Option<T> {
        let json = self.raw(name)?;
        let Ok(properties) = serde_json::from_str(json.get()) else {
            return self.note(Err(wrong_type(name, "an object", &json)));
        };
        let mut given = Given {
            what: name,
            properties,
            problems: Vec::new(),
        };
        let value = read(&mut given);
        given.note_leftovers();
        let problems = given.problems.into_iter().map(|problem| {
            let field = format!("{name}.{}", problem.field);
            problem.at(field)
        });
        self.problems.extend(problems);
        value
    }

    fn value<T: DeserializeOwned>(&mut self, name: &str, wanted: &str) -> Option<T> {
        let json = self.raw(name)?;
        let value = serde_json::from_str(json.get()).map_err(|_| wrong_type(name, wanted, &json));
        self.note(value)
    }

    /// The value that was found, or a note that it is missing.
    pub(crate) fn required<T>(&mut self, name: &str, found: Option<T>) -> Option<T> {
        let is_noted = self.problems.iter().any(|problem| problem.field == name);
        if found.is_none() && !is_noted {
            self.problems
                .push(Problem::new(name, "must be given", "add it"));
        }
        found
    }

    /// The value, or nothing but a note of the problem.
    pub(crate) fn note<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// The value, or nothing but a note of the problems.
    pub(crate) fn note_all<T>(
        &mut self,
        result: Result<T, trtc_call::InvalidRequest>,
    ) -> Option<T> {
        result
            .map_err(|invalid| self.problems.extend(invalid.problems().iter().cloned()))
            .ok()
    }

    /// A problem for each property that nobody took: a typing mistake would else go unnoticed.
    pub(crate) fn note_leftovers(&mut self) {
        for name in std::mem::take(&mut self.properties).into_keys() {
            self.problems.push(Problem::new(
                name,
                format!("is not a property of the {}", self.what),
                "remove it, or mend its spelling",
            ));
        }
    }

    /// The values, if all are there and nothing was noted.
    pub(crate) fn finish<T>(mut self, values: Option<T>) -> Result<T, Failure> {
        self.note_leftovers();
        match values {
            Some(values) if self.problems.is_empty() => Ok(values),
            _ => Err(Failure::Invalid(self.problems)),
        }
    }
}

fn wrong_type(field: &str, wanted: &str, found: &RawValue) -> Problem {
    let found = match found.get().as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    };
    Problem::new(
        field,
        format!("must be {wanted}, but this is {found}"),
        "mend the value",
    )
}

/// A user's name, by the core's rule or, where the account asks for it, without.
#[derive(Debug, Clone)]
pub(crate) struct GivenUserId {
    pub(crate) name: String,
    pub(crate) allow_any: bool,
}

impl TryFrom<GivenUserId> for UserId {
    type Error = Problem;

    fn try_from(GivenUserId { name, allow_any }: GivenUserId) -> Result<UserId, Problem> {
        if allow_any {
            Ok(UserId::any(name))
        } else {
            UserId::new(name)
        }
    }
}

/// A number is the numeric room and a string is the string room, whatever it looks like.
pub(crate) struct GivenRoom(pub(crate) Box<RawValue>);

impl TryFrom<GivenRoom> for RoomId {
    type Error = Problem;

    fn try_from(GivenRoom(json): GivenRoom) -> Result<RoomId, Problem> {
        let text = json.get();
        if let Ok(number) = serde_json::from_str(text) {
            return RoomId::number(number);
        }
        match serde_json::from_str::<String>(text) {
            Ok(name) => RoomId::text(name),
            Err(_) if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {
                Err(Problem::new(
                    "room",
                    format!(
                        "a numeric room must be a whole number from 1 to {}, not {text}",
                        RoomId::MAX_NUMBER
                    ),
                    "choose a number in that range, or a string room",
                ))
            }
            Err(_) => Err(wrong_type("room", "a number or a string", &json)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(failure: Failure) -> Vec<String> {
        match failure {
            Failure::Invalid(problems) => problems.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let mut given = Given::read("call", br#"{"a":1,"b":null,"c":"x","odd":1}"#).unwrap();
        let text = given.text("a");
        let text = given.required("a", text);
        let whole = given.whole("b", "ms");
        let missing = given.flag("d");
        let gone = given.text("e");
        let gone = given.required("e", gone);
        assert_eq!((&text, whole, missing, &gone), (&None, None, false, &None));
        assert_eq!(given.text("c").as_deref(), Some("x"));
        assert_eq!(
            problems(given.finish(text).unwrap_err()),
            [
                "a: must be a string, but this is a number; mend the value",
                "b: must be a whole number of ms, but this is null; mend the value",
                "e: must be given; add it",
                "odd: is not a property of the call; remove it, or mend its spelling",
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_a_problem() {
        for json in ["", "null", "[]", "\"x\"", "{", "{\"a\":}"] {
            let failure = Given::read("call", json.as_bytes()).err().unwrap();
            assert!(problems(failure)[0].starts_with("call: must be a JSON object"));
        }
    }

    #[test]
    fn a_number_is_the_numeric_room_and_a_string_the_string_room() {
        let room = |json: &str| {
            RoomId::try_from(GivenRoom(RawValue::from_string(json.to_owned()).unwrap()))
        };
        assert_eq!(room("123"), RoomId::number(123));
        assert_eq!(room("\"123\""), RoomId::text("123"));
        for refused in [
            "0",
            "-1",
            "1.5",
            "4294967295",
            "null",
            "true",
            "[1]",
            "\"\"",
        ] {
            assert_eq!(room(refused).unwrap_err().field, "room", "{refused}");
        }
    }
}
