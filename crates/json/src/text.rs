use std::fmt;

use serde::{Serialize, Serializer};

use crate::{Json, push_string, serialize_raw, to_text};

/// JSON text to be, put together by member: `JsonText::object().with("CallId", &id)`. Within others it is
/// written as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText(String);

impl JsonText {
    /// An object without members.
    #[must_use]
    pub fn object() -> JsonText {
        JsonText("{}".to_owned())
    }

    /// What `value` is in JSON.
    #[must_use]
    pub fn of<T: ?Sized + Serialize>(value: &T) -> JsonText {
        JsonText(to_text(value))
    }

    /// The object with one more member.
    #[must_use]
    pub fn with<T: ?Sized + Serialize>(mut self, name: &str, value: &T) -> JsonText {
        self.push(name, &to_text(value));
        self
    }

    #[inline(never)]
    fn push(&mut self, name: &str, value: &str) {
        self.0.pop();
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(value);
        self.0.push('}');
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<Json<'_>> for JsonText {
    fn from(json: Json<'_>) -> JsonText {
        JsonText(json.as_str().to_owned())
    }
}

impl fmt::Display for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for JsonText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_raw(&self.0, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_put_together_by_member() {
        let inner = JsonText::object().with("n", &7).with("text", "\"");
        let outer = JsonText::object().with("list", &[&inner, &JsonText::object()]);
        assert_eq!(outer.as_str(), r#"{"list":[{"n":7,"text":"\""},{}]}"#);
    }
}
