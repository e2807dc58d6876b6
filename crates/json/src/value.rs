use std::borrow::Cow;
use std::fmt;

use crate::scan::{Scanner, SyntaxError};
use crate::string::unescaped;

/// The text of one JSON value, known to be well-formed, without white space around it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

/// The names and values of an object.
pub type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

impl<'a> Json<'a> {
    /// `null`.
    pub const NULL: Json<'static> = Json("null");

    /// The one value that `text` consists of. Nesting is limited to 1024 levels.
    ///
    /// # Errors
    /// What is not JSON, and where.
    pub fn parse(text: &'a str) -> Result<Json<'a>, SyntaxError> {
        let mut scanner = Scanner::new(text);
        let value = scanner.value()?;
        scanner.end()?;
        Ok(Json(value))
    }

    /// The value that `text` begins with, and what follows behind it and white space.
    ///
    /// # Errors
    /// What is not JSON, and where.
    pub fn first(text: &'a str) -> Result<(Json<'a>, &'a str), SyntaxError> {
        let mut scanner = Scanner::new(text);
        let value = scanner.value()?;
        Ok((Json(value), scanner.rest()))
    }

    /// The one value that `bytes` consist of.
    ///
    /// # Errors
    /// What is not JSON or not UTF-8, and where.
    pub fn parse_bytes(bytes: &'a [u8]) -> Result<Json<'a>, SyntaxError> {
        Json::parse(text_of(bytes)?)
    }

    /// The value's text.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// Whether it is a string.
    #[must_use]
    pub fn is_string(self) -> bool {
        self.begins_with(b'"')
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self.0.as_bytes().first(), Some(b'-' | b'0'..=b'9'))
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(self) -> bool {
        self.begins_with(b'{')
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The string that it is. One with half a surrogate pair is no text.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        unescaped(self.0.strip_prefix('"')?.strip_suffix('"')?)
    }

    /// The digits of an integer of any size, with its sign.
    #[must_use]
    pub fn integer(self) -> Option<&'a str> {
        let digits = self.0.strip_prefix('-').unwrap_or(self.0);
        let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_integer.then_some(self.0)
    }

    /// The items of an array.
    #[must_use]
    pub fn items(self) -> Option<Vec<Json<'a>>> {
        if !self.begins_with(b'[') {
            return None;
        }
        let mut scanner = Scanner::new(self.0);
        let mut items = Vec::new();
        let mut goes_on = !scanner.opens_empty();
        while goes_on {
            items.push(Json(scanner.value().ok()?));
            goes_on = scanner.goes_on(false).ok()?;
        }
        Some(items)
    }

    /// The members of an object in their order, repeated names too; nothing if a name is no text.
    #[must_use]
    pub fn members(self) -> Option<Members<'a>> {
        members_of(self.0).ok()?
    }

    /// The [`members`](Self::members) of the one object that `bytes` consist of, which are read while it is
    /// checked; nothing if it is another value.
    ///
    /// # Errors
    /// What is not JSON or not UTF-8, and where.
    pub fn parse_members(bytes: &'a [u8]) -> Result<Option<Members<'a>>, SyntaxError> {
        members_of(text_of(bytes)?)
    }

    fn begins_with(self, byte: u8) -> bool {
        self.0.as_bytes().first() == Some(&byte)
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, SyntaxError> {
    let text = std::str::from_utf8(bytes);
    text.map_err(|error| SyntaxError::new("not UTF-8", error.valid_up_to()))
}

/// The members of the one object that `text` consists of; nothing if it is another value or a name is no text.
fn members_of(text: &str) -> Result<Option<Members<'_>>, SyntaxError> {
    let mut scanner = Scanner::new(text);
    if !scanner.is_at(b'{') {
        return Json::parse(text).map(|_| None);
    }
    let mut members = Vec::with_capacity(8);
    let mut all_are_named = true;
    let mut goes_on = !scanner.opens_empty();
    while goes_on {
        let name = Json(scanner.name()?).string();
        let value = Json(scanner.value()?);
        match name {
            Some(name) => members.push((name, value)),
            None => all_are_named = false,
        }
        goes_on = scanner.goes_on(true)?;
    }
    scanner.end()?;
    Ok(all_are_named.then_some(members))
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// The same value by way of serde_json's tree.
    fn tree(json: Json<'_>) -> Value {
        if let Some(text) = json.string() {
            return Value::String(text.into_owned());
        }
        if let Some(items) = json.items() {
            return Value::Array(items.into_iter().map(tree).collect());
        }
        match json.members() {
            Some(members) => {
                let members = members.into_iter();
                Value::Object(
                    members
                        .map(|(name, value)| (name.into(), tree(value)))
                        .collect(),
                )
            }
            None => serde_json::from_str(json.as_str()).unwrap(),
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..8)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_json_writes_is_read_as_it_was(value in values()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                prop_assert_eq!(tree(Json::parse(&text).unwrap()), serde_json::from_str::<Value>(&text).unwrap());
            }
        }

        #[test]
        fn the_same_text_is_refused_as_serde_json_refuses(
            text in r#"[\[\]{},:"\\ \n\t0-9a-fnrtulse.+-]{0,12}"#,
        ) {
            let ours = Json::parse(&text).is_ok();
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        for (text, position) in [
            ("", 0),
            ("  ", 2),
            ("{", 1),
            ("[1,]", 3),
            ("[1 2]", 3),
            (r#"{"a" 1}"#, 5),
            (r#"{"a":1,}"#, 7),
            (r#"{a:1}"#, 1),
            ("[1}", 2),
            ("01", 1),
            ("-", 1),
            ("1.", 2),
            ("1e", 2),
            (".5", 0),
            ("+1", 0),
            ("nul", 0),
            ("True", 0),
            ("\"a\nb\"", 2),
            ("\"a", 2),
            (r#""\x""#, 2),
            (r#""\u12g4""#, 5),
            ("1 2", 2),
            ("\u{feff}1", 0),
        ] {
            let error = Json::parse(text).unwrap_err();
            assert_eq!(error.position(), position, "{text}: {error}");
        }
        assert_eq!(Json::parse_bytes(b"\"a\xff\"").unwrap_err().position(), 2);
    }

    #[test]
    fn nesting_has_a_limit_that_no_stack_feels() {
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Json::parse(&nested(1025)).is_ok());
        assert!(Json::parse(&nested(1026)).is_err());
        assert!(Json::parse(&"[{\"a\":".repeat(100_000)).is_err());
        let mixed = r#"{"a":[{"b":[]},{}],"c":{}}"#;
        assert_eq!(Json::parse(mixed).unwrap().members().unwrap().len(), 2);
    }

    #[test]
    fn integers_of_any_size_keep_every_digit_and_no_other_number_is_one() {
        for (text, integer) in [
            ("0", true),
            ("-5", true),
            ("340282366920938463463374607431768211456", true),
            ("1.0", false),
            ("1e3", false),
            ("true", false),
            ("\"1\"", false),
        ] {
            let json = Json::parse(text).unwrap();
            assert_eq!(json.integer(), integer.then_some(text));
        }
    }

    #[test]
    fn what_follows_a_value_is_told() {
        let (value, rest) = Json::first(" [1] \n{").unwrap();
        assert_eq!((value.as_str(), rest), ("[1]", "{"));
        assert_eq!(Json::first("1 ").unwrap().1, "");
        assert!(Json::first("[1").is_err());
    }

    #[test]
    fn repeated_names_and_their_order_are_kept() {
        let json = Json::parse(r#" { "b" : 1 , "\u0061" : [ 2 ] , "b" : 3 } "#).unwrap();
        let members = json.members().unwrap();
        let shown: Vec<_> = members
            .iter()
            .map(|(name, value)| (name.as_ref(), value.as_str()))
            .collect();
        assert_eq!(shown, [("b", "1"), ("a", "[ 2 ]"), ("b", "3")]);
    }
}
