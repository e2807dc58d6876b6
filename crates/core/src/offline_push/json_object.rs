use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::{JsonText, Problem, ProblemCode};

/// A JSON object of the sender's own, as text: it travels as it is written.
///
/// ```
/// use trtc_call_core::offline_push::JsonObject;
///
/// let parameters: JsonObject = r#"{"name":"Rose"}"#.parse()?;
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(JsonText);

impl JsonObject {
    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for JsonObject {
    type Err = Problem;

    fn from_str(text: &str) -> Result<JsonObject, Problem> {
        let json = text.parse::<JsonText>().ok();
        let object = json.filter(|json| json.as_str().starts_with('{'));
        object.map(JsonObject).ok_or_else(|| {
            Problem::new(
                "json_object",
                "must be the text of one JSON object",
                "write it as JSON, such as {\"name\":\"value\"}",
            )
            .coded(ProblemCode::NotAnObject)
        })
    }
}

impl fmt::Display for JsonObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for JsonObject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
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
