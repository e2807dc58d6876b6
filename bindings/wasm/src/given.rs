//! What JavaScript gave, on its way into core's types: core's rules judge the values, and what TypeScript
//! would have refused (a number for a name, a property that does not exist) becomes a problem like any
//! other.

use serde_json::{Map, Value};
use trtc_call_core::{CallId, Problem, RoomId, SdkAppId, UserId};

use crate::error::Failure;
use crate::problems::Problems;

/// An object of JavaScript whose properties are taken out one by one.
pub(crate) struct Object {
    what: &'static str,
    properties: Map<String, Value>,
}

impl Object {
    /// Reads the JSON text of an object; `what` names it in problems.
    pub(crate) fn read(what: &'static str, json: &str) -> Result<Object, Problem> {
        match serde_json::from_str(json) {
            Ok(Value::Object(properties)) => Ok(Object { what, properties }),
            Ok(other) => Err(wrong_type(what, "an object", &other)),
            Err(error) => Err(Problem::new(
                what,
                format!("cannot be read: {error}"),
                "use well-formed strings",
            )),
        }
    }

    /// The value of a property, if it was given.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.properties.remove(name)
    }

    /// The value of a property that must be given.
    pub(crate) fn required(&mut self, name: &str) -> Result<Value, Problem> {
        self.take(name)
            .ok_or_else(|| Problem::new(name, "must be given", "add it"))
    }

    /// A property that is `true` or `false`, the latter when absent.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(wrong_type(name, "true or false", &other)),
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

/// One value, to be converted to a type of core. The opt-out of the UserID rule goes with it.
pub(crate) struct Given {
    pub(crate) value: Value,
    pub(crate) allow_any_user_id: bool,
}

impl TryFrom<Given> for UserId {
    type Error = Problem;

    fn try_from(given: Given) -> Result<UserId, Problem> {
        let name = text("userId", given.value)?;
        if given.allow_any_user_id {
            Ok(UserId::any(name))
        } else {
            UserId::new(name)
        }
    }
}

/// A number is the numeric room and a string is the string room, whatever it looks like.
impl TryFrom<Given> for RoomId {
    type Error = Problem;

    fn try_from(given: Given) -> Result<RoomId, Problem> {
        match given.value {
            Value::String(text) => RoomId::text(text),
            Value::Number(number) => match number.as_u64().map(u32::try_from) {
                Some(Ok(number)) => RoomId::number(number),
                _ => Err(Problem::new(
                    "room",
                    format!(
                        "a numeric room must be a whole number from 1 to {}, not {number}",
                        RoomId::MAX_NUMBER
                    ),
                    "choose a number in that range, or a string room",
                )),
            },
            other => Err(wrong_type("room", "a number or a string", &other)),
        }
    }
}

/// An SDKAppID. Core's rule is told the digits, so that its problem names what was found.
pub(crate) fn sdk_app_id(number: f64) -> Result<SdkAppId, Problem> {
    number.to_string().parse()
}

/// A string as it is.
pub(crate) fn text(field: &str, value: Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_type(field, "a string", &other)),
    }
}

/// A list as it is.
pub(crate) fn list(field: &str, value: Value) -> Result<Vec<Value>, Problem> {
    match value {
        Value::Array(list) => Ok(list),
        other => Err(wrong_type(field, "an array", &other)),
    }
}

/// A whole number of `unit` that JavaScript can hold exactly.
pub(crate) fn whole(field: &str, number: f64, unit: &str) -> Result<u64, Problem> {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    if (0.0..=MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0 {
        Ok(number as u64)
    } else {
        Err(Problem::new(
            field,
            format!("must be a whole number of {unit}, not {number}"),
            "round it",
        ))
    }
}

/// A problem with a value of the wrong type.
pub(crate) fn wrong_type(field: &str, wanted: &str, found: &Value) -> Problem {
    let found = match found {
        Value::Null => "null (or a number that is none, such as NaN)",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    Problem::new(
        field,
        format!("must be {wanted}, not {found}"),
        "check the type",
    )
}

/// The only property of requests about one call.
pub(crate) fn only_call_id(json: &str) -> Result<CallId, Failure> {
    let mut object = Object::read("request", json)?;
    let mut problems = Problems::default();
    let call_id = object.required("callId");
    let call_id = call_id.and_then(|value| CallId::new(text("callId", value)?));
    let call_id = problems.note(call_id);
    problems.extend(object.leftovers());
    problems.unless_any(call_id)
}
