//! What JavaScript gave, on its way into core's types: core's rules judge the values, and what TypeScript
//! would have refused (a number for a name, a property that does not exist) becomes a problem like any
//! other.

use std::borrow::Cow;

use trtc_call_core::{CallId, Problem, RoomId, SdkAppId, UserId};
use trtc_call_json::{Json, Members};

use crate::error::Failure;
use crate::problems::Problems;

/// An object of JavaScript whose properties are taken out one by one.
pub(crate) struct Object<'a> {
    what: &'a str,
    properties: Members<'a>,
}

impl<'a> Object<'a> {
    /// Reads the JSON text of an object; `what` names it in problems.
    pub(crate) fn read(what: &'a str, json: &'a str) -> Result<Object<'a>, Problem> {
        if !json.starts_with('{') {
            return Err(wrong_type(what, "an object", json));
        }
        match Json::parse_members(json.as_bytes()) {
            Ok(Some(properties)) => Ok(Object { what, properties }),
            _ => Err(Problem::new(
                what,
                "cannot be read",
                "use well-formed strings",
            )),
        }
    }

    /// Reads an object that is a value of another one.
    pub(crate) fn read_nested(what: &'a str, given: Given<'a>) -> Result<Object<'a>, Problem> {
        Object::read(what, given.0.as_str())
    }

    /// The value of a property, if it was given.
    pub(crate) fn take(&mut self, name: &str) -> Option<Given<'a>> {
        let index = self.properties.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.properties.swap_remove(index);
        Some(Given(value))
    }

    /// Whether a property was given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.properties.iter().any(|(key, _)| key == name)
    }

    /// The value of a property that must be given.
    pub(crate) fn required(&mut self, name: &str) -> Result<Given<'a>, Problem> {
        self.take(name)
            .ok_or_else(|| Problem::new(name, "must be given", "add it"))
    }

    /// A property that is `true` or `false`, the latter when absent.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name) {
            None => Ok(false),
            Some(Given(value)) => value
                .boolean()
                .ok_or_else(|| wrong_type(name, "true or false", value.as_str())),
        }
    }

    /// A problem for each property that nobody took: a typing mistake would else go unnoticed.
    pub(crate) fn leftovers(self) -> Vec<Problem> {
        let rule = ["is not a property of the ", self.what].concat();
        let names = self.properties.into_iter();
        names
            .map(|(name, _)| Problem::new(name, rule.as_str(), "remove it, or mend its spelling"))
            .collect()
    }
}

/// One value.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a>(pub(crate) Json<'a>);

impl<'a> Given<'a> {
    /// A string as it is.
    pub(crate) fn text(self, field: &str) -> Result<String, Problem> {
        self.borrowed_text(field).map(Cow::into_owned)
    }

    /// A string as it is, of which no copy is needed.
    pub(crate) fn borrowed_text(self, field: &str) -> Result<Cow<'a, str>, Problem> {
        match self.0.string() {
            Some(text) => Ok(text),
            None => Err(self.wrong_type(field, "a string")),
        }
    }

    /// A list as it is.
    pub(crate) fn list(self, field: &str) -> Result<Vec<Given<'a>>, Problem> {
        match self.0.items() {
            Some(items) => Ok(items.into_iter().map(Given).collect()),
            None => Err(self.wrong_type(field, "an array")),
        }
    }

    /// A whole number of `unit`.
    pub(crate) fn whole(self, field: &str, unit: &str) -> Result<u64, Problem> {
        self.0
            .as_str()
            .parse()
            .map_err(|_| self.wrong_type(field, &["a whole number of ", unit].concat()))
    }

    /// A whole number of `unit` within 32 bits.
    pub(crate) fn whole_32(self, field: &str, unit: &str) -> Result<u32, Problem> {
        u32::try_from(self.whole(field, unit)?)
            .map_err(|_| self.wrong_type(field, &["at most 4294967295 ", unit].concat()))
    }

    /// An SDKAppID, by core's rule.
    pub(crate) fn sdk_app_id(self) -> Result<SdkAppId, Problem> {
        if !self.0.is_number() {
            return Err(self.wrong_type("sdkAppId", "a number"));
        }
        self.0.as_str().parse()
    }

    /// A room, by core's rule: a number is the numeric room and a string is the string room, whatever it looks like.
    pub(crate) fn room(self) -> Result<RoomId, Problem> {
        if self.0.is_string() {
            return RoomId::text(self.text("room")?);
        }
        if !self.0.is_number() {
            return Err(self.wrong_type("room", "a number or a string"));
        }
        match self.0.as_str().parse() {
            Ok(number) => RoomId::number(number),
            Err(_) => Err(Problem::new(
                "room",
                format!(
                    "a numeric room must be a whole number from 1 to {}, not {}",
                    RoomId::MAX_NUMBER,
                    self.0.as_str()
                ),
                "choose a number in that range, or a string room",
            )),
        }
    }

    /// A problem with a value of the wrong type.
    pub(crate) fn wrong_type(self, field: &str, wanted: &str) -> Problem {
        wrong_type(field, wanted, self.0.as_str())
    }
}

/// A user's name, by core's rule or, when asked for, without it.
pub(crate) enum GivenUserId<'a> {
    Given {
        name: Given<'a>,
        allow_any: bool,
    },
    /// Was noted as missing. The name stands in for it, which no user can have.
    Missing(&'static str),
}

impl TryFrom<GivenUserId<'_>> for UserId {
    type Error = Problem;

    fn try_from(user: GivenUserId<'_>) -> Result<UserId, Problem> {
        match user {
            GivenUserId::Given { name, allow_any } => {
                crate::usersig::user(name.text("userId")?, allow_any)
            }
            GivenUserId::Missing(name) => Ok(UserId::any(name)),
        }
    }
}

impl TryFrom<Given<'_>> for RoomId {
    type Error = Problem;

    fn try_from(given: Given<'_>) -> Result<RoomId, Problem> {
        given.room()
    }
}

/// The only property of requests about one call.
pub(crate) fn only_call_id(json: &str) -> Result<CallId, Failure> {
    let mut object = Object::read("request", json)?;
    let mut problems = Problems::default();
    let call_id = object.required("callId");
    let call_id = call_id.and_then(|id| CallId::new(id.text("callId")?));
    let call_id = problems.note(call_id);
    problems.extend(object.leftovers());
    problems.unless_any(call_id)
}

/// Requests that say nothing have no property.
pub(crate) fn nothing(json: &str) -> Result<(), Failure> {
    let object = Object::read("request", json)?;
    let mut problems = Problems::default();
    problems.extend(object.leftovers());
    problems.unless_any(Some(()))
}

/// A problem with a value of the wrong type.
fn wrong_type(field: &str, wanted: &str, found: &str) -> Problem {
    let found = match found.as_bytes().first() {
        Some(b'n') => "null (or a number that is none, such as NaN)",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        Some(b'-' | b'0'..=b'9') => found,
        _ => "nothing",
    };
    Problem::new(
        field,
        format!("must be {wanted}, not {found}"),
        "mend the value's type",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_numeric_room_and_a_string_the_string_room() {
        let room = |json| Given(Json::parse(json).unwrap()).room();
        assert_eq!(room("123"), RoomId::number(123));
        assert_eq!(room("\"123\""), RoomId::text("123"));
        for refused in ["0", "-1", "1.5", "1e3", "4294967295", "null", "true", "[1]"] {
            assert_eq!(room(refused).unwrap_err().field, "room", "{refused}");
        }
    }

    #[test]
    fn a_property_that_nobody_takes_is_a_problem() {
        let mut object = Object::read("call", r#"{"robot":"r","ringTimeOut":1}"#).unwrap();
        assert_eq!(object.take("robot").unwrap().text("robot").unwrap(), "r");
        let left: Vec<_> = object
            .leftovers()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(left, ["ringTimeOut"]);
    }

    #[test]
    fn what_is_no_object_is_a_problem() {
        for json in ["", "null", "[]", "\"x\"", "{\"a\":\"\\ud800\"", "{"] {
            assert_eq!(
                Object::read("call", json).err().unwrap().field,
                "call",
                "{json}"
            );
        }
    }
}
