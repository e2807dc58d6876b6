//! What JavaScript gave, on its way into core's types: core's rules judge the values, and what TypeScript
//! would have refused (a number for a name, a property that does not exist) becomes a problem like any
//! other.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;
use trtc_call_core::{CallId, Problem, RoomId, SdkAppId, UserId};

use crate::error::Failure;
use crate::problems::Problems;

/// An object of JavaScript whose properties are taken out one by one.
pub(crate) struct Object<'a> {
    what: &'static str,
    properties: Vec<(String, &'a RawValue)>,
}

impl<'a> Object<'a> {
    /// Reads the JSON text of an object; `what` names it in problems.
    pub(crate) fn read(what: &'static str, json: &'a str) -> Result<Object<'a>, Problem> {
        if !json.starts_with('{') {
            return Err(wrong_type(what, "an object", json));
        }
        serde_json::Deserializer::from_str(json)
            .deserialize_map(PropertiesVisitor)
            .map(|properties| Object { what, properties })
            .map_err(|_| Problem::new(what, "cannot be read", "use well-formed strings"))
    }

    /// The value of a property, if it was given.
    pub(crate) fn take(&mut self, name: &str) -> Option<Given<'a>> {
        let index = self.properties.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.properties.swap_remove(index);
        Some(Given(value.get()))
    }

    /// The value of a property that must be given.
    pub(crate) fn required(&mut self, name: &str) -> Result<Given<'a>, Problem> {
        self.take(name)
            .ok_or_else(|| Problem::new(name, "must be given", "add it"))
    }

    /// A property that is `true` or `false`, the latter when absent.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name).map(|given| given.0) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(wrong_type(name, "true or false", other)),
        }
    }

    /// A problem for each property that nobody took: a typing mistake would else go unnoticed.
    pub(crate) fn leftovers(self) -> impl Iterator<Item = Problem> {
        let what = self.what;
        self.properties.into_iter().map(move |(name, _)| {
            Problem::new(
                name,
                format!("is not a property of the {what}"),
                "remove it, or mend its spelling",
            )
        })
    }
}

struct PropertiesVisitor;

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut properties = Vec::with_capacity(8);
        while let Some(property) = map.next_entry()? {
            properties.push(property);
        }
        Ok(properties)
    }
}

/// The JSON text of one value.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a>(pub(crate) &'a str);

impl<'a> Given<'a> {
    /// A string as it is.
    pub(crate) fn text(self, field: &str) -> Result<String, Problem> {
        serde_json::from_str(self.0).map_err(|_| wrong_type(field, "a string", self.0))
    }

    /// A list as it is.
    pub(crate) fn list(self, field: &str) -> Result<Vec<Given<'a>>, Problem> {
        let list: Vec<&RawValue> =
            serde_json::from_str(self.0).map_err(|_| wrong_type(field, "an array", self.0))?;
        Ok(list.into_iter().map(|value| Given(value.get())).collect())
    }

    /// A whole number of `unit`.
    pub(crate) fn whole(self, field: &str, unit: &str) -> Result<u64, Problem> {
        self.0.parse().map_err(|_| {
            let wanted = format!("a whole number of {unit}");
            wrong_type(field, &wanted, self.0)
        })
    }

    /// A whole number of `unit` within 32 bits.
    pub(crate) fn whole_32(self, field: &str, unit: &str) -> Result<u32, Problem> {
        u32::try_from(self.whole(field, unit)?).map_err(|_| {
            let wanted = format!("at most {} {unit}", u32::MAX);
            wrong_type(field, &wanted, self.0)
        })
    }

    /// An SDKAppID, by core's rule.
    pub(crate) fn sdk_app_id(self) -> Result<SdkAppId, Problem> {
        match self.0.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => self.0.parse(),
            _ => Err(wrong_type("sdkAppId", "a number", self.0)),
        }
    }
}

/// A user's name, by core's rule or, when asked for, without it.
pub(crate) struct GivenUserId<'a> {
    pub(crate) given: Given<'a>,
    pub(crate) allow_any: bool,
}

impl TryFrom<GivenUserId<'_>> for UserId {
    type Error = Problem;

    fn try_from(user: GivenUserId<'_>) -> Result<UserId, Problem> {
        let name = user.given.text("userId")?;
        if user.allow_any {
            Ok(UserId::any(name))
        } else {
            UserId::new(name)
        }
    }
}

/// A number is the numeric room and a string is the string room, whatever it looks like.
impl TryFrom<Given<'_>> for RoomId {
    type Error = Problem;

    fn try_from(given: Given<'_>) -> Result<RoomId, Problem> {
        match given.0.as_bytes().first() {
            Some(b'-' | b'0'..=b'9') => match given.0.parse() {
                Ok(number) => RoomId::number(number),
                Err(_) => Err(Problem::new(
                    "room",
                    format!(
                        "a numeric room must be a whole number from 1 to {}, not {}",
                        RoomId::MAX_NUMBER,
                        given.0
                    ),
                    "choose a number in that range, or a string room",
                )),
            },
            Some(b'"') => RoomId::text(given.text("room")?),
            _ => Err(wrong_type("room", "a number or a string", given.0)),
        }
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
        assert_eq!(RoomId::try_from(Given("123")), RoomId::number(123));
        assert_eq!(RoomId::try_from(Given("\"123\"")), RoomId::text("123"));
        for refused in ["0", "-1", "1.5", "1e3", "4294967295", "null", "true", "[1]"] {
            assert_eq!(
                RoomId::try_from(Given(refused)).unwrap_err().field,
                "room",
                "{refused}"
            );
        }
    }

    #[test]
    fn a_property_that_nobody_takes_is_a_problem() {
        let mut object = Object::read("call", r#"{"robot":"r","ringTimeOut":1}"#).unwrap();
        assert_eq!(object.take("robot").unwrap().text("robot").unwrap(), "r");
        let left: Vec<_> = object.leftovers().map(|problem| problem.field).collect();
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
