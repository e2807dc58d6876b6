use std::fmt;

use serde::{Serialize, Serializer};
use trtc_call_json::{Json, serialize_raw};

/// A JSON value as it arrived: text, so that no number loses a digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawJson(String);

impl RawJson {
    pub(super) fn new(value: Json<'_>) -> RawJson {
        RawJson(value.as_str().to_owned())
    }

    /// What a value of this library is in JSON.
    pub(super) fn of(value: &impl Serialize) -> RawJson {
        RawJson(trtc_call_json::to_text(value))
    }

    /// The JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_raw(&self.0, serializer)
    }
}
