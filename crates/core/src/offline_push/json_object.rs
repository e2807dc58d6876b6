use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use trtc_call_json::{Json, serialize_raw};

use crate::Problem;

/// A JSON object of the sender's own, as text: it travels as it is written.
///
/// ```
/// use trtc_call_core::offline_push::JsonObject;
///
/// let parameters: JsonObject = r#"{"name":"Rose"}"#.parse()?;
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(String);

impl JsonObject {
    /// What is known to be an object.
    pub(super) fn of(json: Json<'_>) -> Option<JsonObject> {
        json.is_object()
            .then(|| JsonObject(json.as_str().to_owned()))
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for JsonObject {
    type Err = Problem;

    fn from_str(text: &str) -> Result<JsonObject, Problem> {
        let object = Json::parse(text).ok().and_then(JsonObject::of);
        object.ok_or_else(|| {
            Problem::new(
                "json_object",
                "must be the text of one JSON object",
                "write it as JSON, such as {\"name\":\"value\"}",
            )
        })
    }
}

impl fmt::Display for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_raw(&self.0, serializer)
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for JsonObject {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "JsonObject".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": true })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_is_one() {
        assert_eq!(
            " {\"a\": 1.10} ".parse::<JsonObject>().unwrap().as_str(),
            "{\"a\": 1.10}"
        );
        for text in ["", "[]", "null", "{", "{}{}"] {
            assert!(text.parse::<JsonObject>().is_err(), "{text}");
        }
    }
}
