//! A request's body as a tree.

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

/// The members of an object in their order.
#[derive(Debug)]
pub(crate) struct Object(Vec<(String, Value)>);

impl Object {
    /// Reads a body, or says what it must be.
    pub(crate) fn parse(body: &[u8]) -> Result<Object, String> {
        match Value::parse(body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err("must be a JSON object".to_owned()),
            Err(error) => Err(["must be JSON: ", &error].concat()),
        }
    }

    /// Of a name that stands there twice, the last value counts.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        let mut latest_first = self.0.iter().rev();
        let (_, value) = latest_first.find(|(other, _)| other == name)?;
        Some(value)
    }

    /// The names of all members, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        sorted(self.0.iter().map(|(name, _)| name.as_str()).collect())
    }
}

/// Names in their order, each once.
pub(crate) fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names.dedup();
    names
}

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
            let mut members = Vec::new();
            for (name, value) in json.members()? {
                members.push((name.into_owned(), Value::of(value, depth)?));
            }
            return Some(Value::Object(Object(members)));
        }
        if let Some(items) = json.items() {
            let mut list = Vec::with_capacity(items.len());
            for item in items {
                list.push(Value::of(item, depth)?);
            }
            return Some(Value::List(list));
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
        assert_eq!(object.names(), ["a"]);
        let Some(Value::Object(a)) = object.get("a") else {
            panic!("{object:?}");
        };
        assert_eq!(a.get("b").and_then(Value::as_i64), Some(-1));
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
