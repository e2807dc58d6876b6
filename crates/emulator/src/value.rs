//! A request's body as a tree.

use std::collections::BTreeMap;

use trtc_call_json::Json;

/// A JSON value. Of numbers, only integers of 64 bits are understood; others stay text.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    OtherNumber(String),
    Text(String),
    List(Vec<Value>),
    Object(Object),
}

/// Far above the levels of any command.
const MAX_DEPTH: usize = 128;

/// Of a name that stands there twice, the last value counts.
pub(crate) type Object = BTreeMap<String, Value>;

impl Value {
    /// Reads a body, or says why it is no JSON.
    pub(crate) fn parse(body: &[u8]) -> Result<Value, String> {
        let json = Json::parse_bytes(body).map_err(|error| error.to_string())?;
        let value = Value::of(json, MAX_DEPTH);
        value.ok_or_else(|| "nested too deeply, or half a surrogate pair in a string".to_owned())
    }

    fn of(json: Json<'_>, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if json.is_string() {
            return json.string().map(|text| Value::Text(text.into_owned()));
        }
        if json.is_object() {
            let mut object = Object::new();
            for (name, value) in json.members()? {
                object.insert(name.into_owned(), Value::of(value, depth)?);
            }
            return Some(Value::Object(object));
        }
        if let Some(items) = json.items() {
            let items: Option<Vec<Value>> = items
                .into_iter()
                .map(|item| Value::of(item, depth))
                .collect();
            return items.map(Value::List);
        }
        Some(match (json.boolean(), json.integer()) {
            (Some(value), _) => Value::Bool(value),
            (None, Some(digits)) => match digits.parse() {
                Ok(integer) => Value::Integer(integer),
                Err(_) => Value::OtherNumber(digits.to_owned()),
            },
            (None, None) if json.is_null() => Value::Null,
            (None, None) => Value::OtherNumber(json.as_str().to_owned()),
        })
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(crate) fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    #[cfg(test)]
    pub(crate) fn into_object(self) -> Object {
        match self {
            Value::Object(object) => object,
            other => panic!("{other:?} is no object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_becomes_a_tree_and_the_last_of_a_name_counts() {
        let body = br#"{"a":[1,1.5,"x",true,null,9223372036854775808],"a":{"b":-1}}"#;
        let object = Value::parse(body).unwrap().into_object();
        assert!(matches!(&object["a"], Value::Object(a) if a["b"].as_i64() == Some(-1)));
        let list = Value::parse(br#"[1.5,9223372036854775808]"#).unwrap();
        let numbers = list.as_array().unwrap();
        assert!(
            numbers
                .iter()
                .all(|number| matches!(number, Value::OtherNumber(_)))
        );
    }

    #[test]
    fn what_is_no_json_says_so() {
        for body in [&b""[..], b"{", b"\"\\ud800\"", b"\xff", &[b'['; 200_000]] {
            assert!(!Value::parse(body).unwrap_err().is_empty());
        }
    }
}
