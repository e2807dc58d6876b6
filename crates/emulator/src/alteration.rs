//! JSON that differs from what the service documents: fields that are missing, null or of another type.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// What is different in a reply or a webhook. Places are JSON pointers (RFC 6901) such as
/// `/Response/CallRecord/RoomIdType`, in which `*` stands for every item of an array. A place that is not
/// there is left alone.
///
/// ```
/// use trtc_call_emulator::{Alteration, Fault, FaultKind};
///
/// let odd = Alteration::default()
///     .set("/Response/CallRecordList/*/CalleeList_Account", serde_json::Value::Null)
///     .remove("/Response/CallRecordList/*/RoomIdType");
/// let fault = Fault::new(FaultKind::AlteredReply(odd)).only("get_record_by_filter");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Alteration {
    /// Other values, also of members that an object did not have. The place `""` is the whole JSON.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// What is taken out, after that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

impl Alteration {
    /// Another value at this place.
    #[must_use]
    pub fn set(mut self, place: impl Into<String>, value: impl Into<Value>) -> Alteration {
        self.set.insert(place.into(), value.into());
        self
    }

    /// Nothing at this place.
    #[must_use]
    pub fn remove(mut self, place: impl Into<String>) -> Alteration {
        self.remove.push(place.into());
        self
    }

    /// The other JSON. What is no JSON stays as it is.
    pub(crate) fn apply(&self, json: &str) -> String {
        let altered = serde_json::from_str(json).ok().filter(|_| !self.is_empty());
        let Some(mut altered) = altered else {
            return json.to_owned();
        };
        for (place, value) in &self.set {
            put(&mut altered, &steps(place), Some(value));
        }
        for place in &self.remove {
            put(&mut altered, &steps(place), None);
        }
        altered.to_string()
    }

    fn is_empty(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    /// Whether this is a place: empty, or a `/` before each step.
    pub(crate) fn is_place(text: &str) -> bool {
        text.is_empty() || text.starts_with('/')
    }
}

/// The names and indices on the way to a place.
fn steps(place: &str) -> Vec<String> {
    let steps = place.split('/').skip(1);
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Puts a value at a place, or nothing.
fn put(at: &mut Value, steps: &[String], value: Option<&Value>) {
    let Some((step, rest)) = steps.split_first() else {
        *at = value.cloned().unwrap_or_default();
        return;
    };
    match at {
        Value::Array(items) if step == "*" => {
            if rest.is_empty() && value.is_none() {
                items.clear();
            }
            for item in items {
                put(item, rest, value);
            }
        }
        Value::Array(items) => {
            let index = step.parse().unwrap_or(usize::MAX);
            if rest.is_empty() && value.is_none() && index < items.len() {
                items.remove(index);
            } else if let Some(item) = items.get_mut(index) {
                put(item, rest, value);
            }
        }
        Value::Object(members) if rest.is_empty() => {
            match value {
                Some(value) => members.insert(step.clone(), value.clone()),
                None => members.remove(step),
            };
        }
        Value::Object(members) => {
            if let Some(member) = members.get_mut(step) {
                put(member, rest, value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_altered_and_everything_else_stays() {
        let before = r#"{"a":{"b/c":[{"n":1,"x":0},{"n":18446744073709551615}]},"z":true}"#;
        for (alteration, after) in [
            (
                Alteration::default().set("/a/b~1c/*/n", Value::Null),
                json!({ "a": { "b/c": [{ "n": null, "x": 0 }, { "n": null }] }, "z": true }),
            ),
            (
                Alteration::default().remove("/a/b~1c/0"),
                json!({ "a": { "b/c": [{ "n": u64::MAX }] }, "z": true }),
            ),
            (
                Alteration::default().remove("/a/b~1c/*/x").set("/new", 7),
                json!({ "a": { "b/c": [{ "n": 1 }, { "n": u64::MAX }] }, "z": true, "new": 7 }),
            ),
            (
                Alteration::default().remove("/a/b~1c/*").remove("/z"),
                json!({ "a": { "b/c": [] } }),
            ),
            (Alteration::default().set("", "text"), json!("text")),
            (
                Alteration::default()
                    .set("/a/b~1c/7/n", 1)
                    .set("/z/deeper", 1)
                    .set("/no/such", 1)
                    .remove("/gone"),
                serde_json::from_str(before).unwrap(),
            ),
        ] {
            let altered: Value = serde_json::from_str(&alteration.apply(before)).unwrap();
            assert_eq!(altered, after, "{alteration:?}");
        }
    }
}
