//! What leaves for JavaScript: plain objects, in which an integer that JavaScript would round is a string of its exact
//! digits.

use std::collections::BTreeMap;

use serde::de::Deserialize;
use serde::ser::{Error, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use wasm_bindgen::JsValue;

/// The largest integer that JavaScript's numbers hold exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The value as JavaScript has it. `None` is `null`, and a map is an object.
///
/// By way of its JSON, in which the digits of every number are still there: those of core's integers, and those of what
/// core keeps as it arrived.
pub(crate) fn to_js<T: Serialize + ?Sized>(
    value: &T,
) -> Result<JsValue, serde_wasm_bindgen::Error> {
    let json = to_raw_value(value).map_err(serde_wasm_bindgen::Error::custom)?;
    Exact(&json).serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}

/// What JSON says.
struct Exact<'a>(&'a RawValue);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.0.get();
        match json.as_bytes().first() {
            Some(b'{') => {
                let members: BTreeMap<String, &RawValue> = read(json)?;
                serializer.collect_map(members.iter().map(|(name, value)| (name, Exact(value))))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = read(json)?;
                serializer.collect_seq(items.into_iter().map(Exact))
            }
            Some(b'"') => serializer.serialize_str(&read::<String, _>(json)?),
            Some(b't' | b'f') => serializer.serialize_bool(read(json)?),
            Some(b'n') => serializer.serialize_unit(),
            _ if is_rounded(json) => serializer.serialize_str(json),
            _ => serializer.serialize_f64(read(json)?),
        }
    }
}

fn read<'a, T: Deserialize<'a>, E: Error>(json: &'a str) -> Result<T, E> {
    serde_json::from_str(json).map_err(E::custom)
}

/// Whether a number is an integer that JavaScript would round.
fn is_rounded(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_whole
        && digits
            .parse()
            .map_or(true, |size: u64| size > MAX_SAFE_INTEGER)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn exact<T: Serialize>(value: &T) -> Value {
        serde_json::to_value(Exact(&to_raw_value(value).unwrap())).unwrap()
    }

    #[test]
    fn integers_beyond_2_to_the_53_leave_as_their_exact_digits() {
        let limit = 9_007_199_254_740_991_u64;
        let exactly = json!([9_007_199_254_740_991.0, "9007199254740992"]);
        assert_eq!(exact(&(limit, limit + 1)), exactly);
        assert_eq!(
            exact(&(i64::MIN, -1_i64)),
            json!(["-9223372036854775808", -1.0])
        );
        assert_eq!(exact(&Some([u64::MAX])), json!([u64::MAX.to_string()]));
    }

    #[test]
    fn json_that_was_kept_leaves_as_what_it_says() {
        let text = r#"{"big":123456789012345678901234567890,"list":[1,-2.5,1e3,"x",null,true],"in":{"a":{}}}"#;
        let kept: Box<RawValue> = serde_json::from_str(text).unwrap();
        assert_eq!(
            exact(&BTreeMap::from([("kept", kept)])),
            json!({
                "kept": {
                    "big": "123456789012345678901234567890",
                    "list": [1.0, -2.5, 1000.0, "x", null, true],
                    "in": { "a": {} },
                }
            })
        );
    }
}
