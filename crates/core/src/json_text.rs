use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The text of one JSON value, kept as it arrived: every digit, every name, in their order. Two are the same
/// if their texts are.
///
/// Read it with serde_json: `serde_json::from_str(text.as_str())`.
#[derive(Clone)]
pub struct JsonText(Box<RawValue>);

impl JsonText {
    /// What `value` is in JSON.
    ///
    /// # Errors
    /// If JSON has no word for it, such as a map whose keys are no strings.
    pub fn of<T: ?Sized + Serialize>(value: &T) -> Result<JsonText, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(JsonText)
    }

    pub(crate) fn null() -> JsonText {
        JsonText(RawValue::NULL.to_owned())
    }

    /// The text, without white space around it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

/// Checks that the text is one JSON value.
impl FromStr for JsonText {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<JsonText, serde_json::Error> {
        serde_json::from_str(text)
    }
}

impl From<&RawValue> for JsonText {
    fn from(raw: &RawValue) -> JsonText {
        JsonText(raw.to_owned())
    }
}

impl PartialEq for JsonText {
    fn eq(&self, other: &JsonText) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for JsonText {}

impl fmt::Display for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<JsonText, D::Error> {
        Deserialize::deserialize(deserializer).map(JsonText)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_digit_and_the_order_of_names_are_kept_wherever_the_text_goes() {
        let text = r#"{"b":12345678901234567890.10,"a":[ ]}"#;
        let json: JsonText = text.parse().unwrap();
        assert_eq!(json.to_string(), text);
        let inside = serde_json::to_string(&[&json]).unwrap();
        assert_eq!(inside, format!("[{text}]"));
        assert_eq!(
            serde_json::from_str::<[JsonText; 1]>(&inside).unwrap(),
            [json]
        );
    }

    #[test]
    fn what_is_not_one_json_value_is_refused() {
        for text in ["", "{", "1 2", "nul", "'a'"] {
            assert!(text.parse::<JsonText>().is_err(), "{text}");
        }
        assert!(JsonText::of(&BTreeMap::from([([1], 2)])).is_err());
        assert_eq!(JsonText::of(&(1, "a")).unwrap().as_str(), r#"[1,"a"]"#);
    }
}
