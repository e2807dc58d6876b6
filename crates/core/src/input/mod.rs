//! What a user gave as a JSON object, with this library's names in camelCase, on its way into a request: a call of
//! JavaScript, a form of the console, a file.
//!
//! The types' own rules judge the values. What a type checker would have refused, such as a number for a name or a
//! property that does not exist, is a problem like any other, and all problems are told at once.
//!
//! ```
//! use trtc_call_core::call_engine::start_call_by_robot::Request;
//! use trtc_call_core::input::{FromInput, Input};
//!
//! let call = r#"{ "robot": "robot", "callees": ["jack"], "media": "audio", "ringTimeOut": 1 }"#;
//! let invalid = Request::read(Input::new(call)).unwrap_err();
//! assert_eq!(invalid.problems()[0].field, "ringTimeOut");
//! ```

mod given;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::value::RawValue;

pub use self::given::Given;
use crate::members::Members;
use crate::{InvalidRequest, Problem, ProblemCode};

/// The text of an object that a user gave, and how strictly its users' names are read.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Input<'a> {
    json: &'a [u8],
    allow_any_user_id: bool,
}

impl<'a> Input<'a> {
    /// JSON, which should be an object.
    pub fn new(json: &'a (impl AsRef<[u8]> + ?Sized)) -> Input<'a> {
        Input {
            json: json.as_ref(),
            allow_any_user_id: false,
        }
    }

    /// Whether names outside the UserID rule are taken, as older applications have them. By default they are not.
    pub fn allow_any_user_id(mut self, allow: bool) -> Input<'a> {
        self.allow_any_user_id = allow;
        self
    }

    /// The object's properties, for who reads more than one request out of them; `what` names the object in problems.
    ///
    /// # Errors
    /// If it is no JSON, or no object.
    pub fn properties(self, what: &'a str) -> Result<Properties<'a>, Problem> {
        let given = match serde_json::from_slice::<&RawValue>(self.json) {
            Ok(json) => Given::new(json, self.allow_any_user_id),
            Err(error) => {
                let rule = format!("must be a JSON object: {error}");
                let fix = "give an object, its properties in camelCase";
                return Err(Problem::new(what, rule, fix).coded(ProblemCode::NotAnObject));
            }
        };
        Properties::of(what, given)
    }
}

/// Something that is read out of what a user gave. Each request's own file says how.
pub trait FromInput: Sized {
    /// What the object is called in problems.
    const WHAT: &'static str = "request";

    /// Takes its properties out of the object; `None` if it could not be made, which the object has noted.
    fn from_input(input: &mut Properties<'_>) -> Option<Self>;

    /// Reads it out of an object that holds nothing else.
    ///
    /// # Errors
    /// All that is wrong with the object.
    fn read(input: Input<'_>) -> Result<Self, InvalidRequest> {
        let mut properties = input.properties(Self::WHAT)?;
        let read = Self::from_input(&mut properties);
        properties.finish(read)
    }
}

/// The properties of an object, taken out one by one, and all that is wrong with them.
#[derive(Debug)]
pub struct Properties<'a> {
    what: &'a str,
    values: BTreeMap<String, Given<'a>>,
    problems: Vec<Problem>,
}

impl<'a> Properties<'a> {
    fn of(what: &'a str, given: Given<'a>) -> Result<Properties<'a>, Problem> {
        let members = given.read("an object");
        let Members(members) = members.map_err(|problem| problem.at(what))?;
        let mut properties = Properties {
            what,
            values: BTreeMap::new(),
            problems: Vec::new(),
        };
        for (name, json) in members {
            match properties.values.entry(name.into_owned()) {
                Entry::Vacant(free) => {
                    free.insert(given.beside(json));
                }
                Entry::Occupied(first) => {
                    let name = first.key().as_str();
                    let problem = Problem::new(name, "stands there twice", "give it once")
                        .coded(ProblemCode::GivenTwice);
                    properties.problems.push(problem);
                }
            }
        }
        Ok(properties)
    }

    /// The value of a property, if it was given.
    pub fn take(&mut self, name: &str) -> Option<Given<'a>> {
        self.values.remove(name)
    }

    /// Whether a property was given and not taken yet.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// A property that must be given.
    pub fn required<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Given<'a>) -> Result<T, Problem>,
    ) -> Option<T> {
        if !self.has(name) {
            self.problems
                .push(Problem::new(name, "must be given", "add it").coded(ProblemCode::Missing));
        }
        self.optional(name, read)
    }

    /// A property that need not be given.
    pub fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Given<'a>) -> Result<T, Problem>,
    ) -> Option<T> {
        let value = read(self.take(name)?);
        self.note(value.map_err(|problem| problem.at(name)))
    }

    /// A property that is `true` or `false`, the latter when absent.
    pub fn flag(&mut self, name: &str) -> bool {
        self.optional(name, Given::flag).unwrap_or(false)
    }

    /// A list that must be given, each item read by `read`.
    pub fn list<T>(
        &mut self,
        name: &str,
        read: impl Fn(Given<'a>) -> Result<T, Problem>,
    ) -> Option<Vec<T>> {
        let items = self.required(name, Given::list)?;
        let read = items.into_iter().enumerate().map(|(index, item)| {
            let field = format!("{name}[{index}]");
            self.note(read(item).map_err(|problem| problem.at(field)))
        });
        // Read to the end, for all problems.
        let read: Vec<Option<T>> = read.collect();
        read.into_iter().collect()
    }

    /// A list of objects that must be given. Problems' fields are paths: `records[2].caller`.
    pub fn list_of<T: FromInput>(&mut self, name: &str) -> Option<Vec<T>> {
        let items = self.required(name, Given::list)?;
        let read = items.into_iter().enumerate().map(|(index, item)| {
            let path = format!("{name}[{index}]");
            let properties = Properties::of(T::WHAT, item);
            let properties = self.note(properties.map_err(|problem| problem.at(path.as_str())))?;
            self.within(&path, properties, T::from_input)
        });
        // Read to the end, for all problems.
        let read: Vec<Option<T>> = read.collect();
        read.into_iter().collect()
    }

    /// An object that need not be given, whose properties `read` takes. Problems' fields are paths: `play.volume`.
    pub fn object<T>(
        &mut self,
        name: &'a str,
        read: impl FnOnce(&mut Properties<'a>) -> Option<T>,
    ) -> Option<T> {
        let properties = self.optional(name, |given| Properties::of(name, given))?;
        self.within(name, properties, read)
    }

    /// Reads an object that stands at that path.
    fn within<T>(
        &mut self,
        path: &str,
        mut properties: Properties<'a>,
        read: impl FnOnce(&mut Properties<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = read(&mut properties);
        let problems = match properties.finish(value) {
            Ok(value) => return Some(value),
            Err(invalid) => invalid.into_problems().into_iter(),
        };
        self.problems.extend(problems.map(|problem| {
            let field = format!("{path}.{}", problem.field);
            problem.at(field)
        }));
        None
    }

    /// The value, or nothing but a note of the problem, its field named as in the object.
    pub fn note<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        let note = |problem: Problem| self.problems.push(problem.in_javascript());
        result.map_err(note).ok()
    }

    /// The value, or nothing but a note of the problems, their fields named as in the object, save those with fields
    /// about which something is noted already: what is missing or cannot be read breaks rules as well.
    pub fn note_all<T>(&mut self, result: Result<T, InvalidRequest>) -> Option<T> {
        let invalid = match result {
            Ok(value) => return Some(value),
            Err(invalid) => invalid,
        };
        let known = self.problems.len();
        let problems = invalid.into_problems().into_iter();
        for problem in problems.map(Problem::in_javascript) {
            let mut noted = self.problems.iter().take(known);
            if !noted.any(|noted| noted.field == problem.field) {
                self.problems.push(problem);
            }
        }
        None
    }

    /// The value, if it was made, nothing was noted, and no property is left: a typing mistake would else go
    /// unnoticed.
    ///
    /// # Errors
    /// All problems.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, InvalidRequest> {
        let Properties {
            what,
            values,
            mut problems,
        } = self;
        problems.extend(values.into_keys().map(|name| {
            let rule = format!("is not a property of the {what}");
            Problem::new(name, rule, "remove it, or mend its spelling")
                .coded(ProblemCode::UnknownProperty)
        }));
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(InvalidRequest::from(problems)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(invalid: InvalidRequest) -> Vec<String> {
        let problems = invalid.into_problems().into_iter();
        problems.map(|problem| problem.to_string()).collect()
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let json =
            r#"{"a":1,"b":null,"c":"x","list":["x",1],"in":{"d":true,"odd":1},"c":2,"odd":1}"#;
        let mut input = Input::new(json).properties("call").unwrap();
        let text = input.required("a", Given::text);
        assert_eq!(input.optional("b", |given| given.whole("ms")), None);
        assert_eq!(input.required("c", Given::text).as_deref(), Some("x"));
        assert_eq!(input.list("list", Given::text), None);
        assert_eq!(
            input.object("in", |input| input.required("d", Given::text)),
            None
        );
        assert!(!input.flag("f"));
        assert_eq!(input.required("e", Given::text), None);
        let known: Result<(), _> = Err(Problem::new("e", "is missing", "").into());
        assert_eq!(input.note_all(known), None);
        assert_eq!(
            problems(input.finish(text).unwrap_err()),
            [
                "c: stands there twice; give it once",
                "a: must be a string, not 1; mend the value's type",
                "b: must be a whole number of ms, not null (or a number that is none, such as NaN); mend the value's type",
                "list[1]: must be a string, not 1; mend the value's type",
                "in.d: must be a string, not a boolean; mend the value's type",
                "in.odd: is not a property of the in; remove it, or mend its spelling",
                "e: must be given; add it",
                "odd: is not a property of the call; remove it, or mend its spelling",
            ]
        );
    }

    #[test]
    fn fields_are_named_as_in_the_object_and_not_as_in_rust() {
        let json = r#"{"callId":1,"ring_timeout":2}"#;
        let mut input = Input::new(json).properties("call").unwrap();
        assert_eq!(input.required("callId", Given::text), None);
        let rust = |field| Problem::new(field, "is odd", "mend it");
        let both = vec![rust("call_id"), rust("page_size")];
        assert_eq!(input.note_all::<()>(Err(both.into())), None);
        assert_eq!(input.note::<()>(Err(rust("user_data"))), None);
        let problems = problems(input.finish::<()>(None).unwrap_err());
        let fields = problems.iter().map(|problem| problem.split(':').next());
        // The last one is told as it was written, or nobody would see what is wrong with it.
        assert_eq!(
            fields.flatten().collect::<Vec<_>>(),
            ["callId", "pageSize", "userData", "ring_timeout"]
        );
    }

    #[test]
    fn what_is_no_object_is_a_problem() {
        for json in [
            "",
            "null",
            "[]",
            "\"x\"",
            "{",
            "{\"a\":}",
            "{\"\\ud800\":1}",
        ] {
            let problem = Input::new(json).properties("call").unwrap_err();
            assert_eq!(problem.field, "call", "{json}");
        }
    }

    #[test]
    fn a_value_that_was_made_does_not_hide_a_problem() {
        let mut input = Input::new(r#"{"a":1}"#).properties("call").unwrap();
        assert_eq!(input.optional("a", Given::text), None);
        assert!(input.finish(Some(())).is_err());
    }
}
