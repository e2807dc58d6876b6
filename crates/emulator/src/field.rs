//! Reads the fields of a JSON object by the rules of the vendor's reference, without the library's own
//! types: a mistake in those must show here.

use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

/// Reads a body, or says what it must be. Of a name that stands there twice, the last value counts.
pub(crate) fn parse_object(body: &[u8]) -> Result<Map<String, Value>, String> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("must be a JSON object".to_owned()),
        Err(error) => Err(format!("must be JSON: {error}")),
    }
}

/// A field that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// Its path, such as `CallInfo.RoomId`.
    pub(crate) field: String,
    /// The rule, as a phrase that begins with a verb.
    pub(crate) rule: String,
    /// The service has a code of its own for accounts that are no strings.
    pub(crate) is_account_of_wrong_type: bool,
    /// The cloud API has codes of its own for fields that are not there.
    pub(crate) is_missing: bool,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.rule)
    }
}

/// The fields of one JSON object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
    parent: &'a str,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(object: &'a Map<String, Value>) -> Fields<'a> {
        Fields { object, parent: "" }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.object.contains_key(name)
    }

    /// The error that `name` breaks `rule`.
    pub(crate) fn error(&self, name: &str, rule: impl Into<String>) -> FieldError {
        FieldError {
            field: match self.parent {
                "" => name.to_owned(),
                parent => format!("{parent}.{name}"),
            },
            rule: rule.into(),
            is_account_of_wrong_type: false,
            is_missing: false,
        }
    }

    /// The error that `name` is not there.
    pub(crate) fn missing(&self, name: &str) -> FieldError {
        FieldError {
            is_missing: true,
            ..self.error(name, "is missing")
        }
    }

    /// An object that must be there.
    pub(crate) fn object(&self, name: &'a str) -> Result<Fields<'a>, FieldError> {
        match self.required(name)? {
            Value::Object(object) => Ok(Fields {
                object,
                parent: name,
            }),
            _ => Err(self.error(name, "must be an object")),
        }
    }

    /// Checks fields that may be left out, in the order of the rules. What is wrong within an object is
    /// named with its path.
    pub(crate) fn check(&self, rules: FieldRules) -> Result<(), FieldError> {
        rules
            .iter()
            .try_for_each(|(name, rule)| self.check_field(name, *rule))
    }

    fn check_field(&self, name: &str, rule: Rule) -> Result<(), FieldError> {
        match (rule, self.object.get(name)) {
            (Rule::By(check), _) => check(*self),
            (_, None) => Ok(()),
            (Rule::Text, Some(_)) => self.string(name).map(drop),
            (Rule::TextThat(is_right, rule), Some(_)) => match is_right(self.string(name)?) {
                true => Ok(()),
                false => Err(self.error(name, rule)),
            },
            (Rule::Integer(from, to), Some(_)) => {
                self.integer(name, &(from.into()..=to.into())).map(drop)
            }
            (Rule::Object(rules), Some(value)) => self.check_item(name, value, rules),
            (Rule::Objects(rules), Some(Value::Array(items))) => {
                for (index, item) in items.iter().enumerate() {
                    self.check_item(&format!("{name}[{index}]"), item, rules)?;
                }
                Ok(())
            }
            (Rule::Objects(_), Some(_)) => Err(self.error(name, "must be an array of objects")),
        }
    }

    fn check_item(
        &self,
        name: &str,
        value: &'a Value,
        rules: FieldRules,
    ) -> Result<(), FieldError> {
        let Value::Object(object) = value else {
            return Err(self.error(name, "must be an object"));
        };
        Fields::new(object)
            .check(rules)
            .map_err(|within| FieldError {
                field: format!("{}.{}", self.error(name, "").field, within.field),
                ..within
            })
    }

    /// The names of all fields that are there.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.object.keys().map(String::as_str)
    }

    /// All fields that are there.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.object
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// A string that must be there.
    pub(crate) fn string(&self, name: &str) -> Result<&'a str, FieldError> {
        self.required(name)?
            .as_str()
            .ok_or_else(|| self.error(name, "must be a string"))
    }

    /// A string that may be left out.
    pub(crate) fn optional_string(&self, name: &str) -> Result<Option<&'a str>, FieldError> {
        self.has(name).then(|| self.string(name)).transpose()
    }

    /// An array of strings that must be there. It may be empty.
    pub(crate) fn strings(&self, name: &str) -> Result<Vec<&'a str>, FieldError> {
        let strings = self.required(name)?.as_array();
        let strings = strings.and_then(|all| all.iter().map(Value::as_str).collect());
        strings.ok_or_else(|| self.error(name, "must be an array of strings"))
    }

    /// An array of strings that may be left out.
    pub(crate) fn optional_strings(&self, name: &str) -> Result<Option<Vec<&'a str>>, FieldError> {
        self.has(name).then(|| self.strings(name)).transpose()
    }

    /// `true` or `false`, or nothing.
    pub(crate) fn optional_bool(&self, name: &str) -> Result<Option<bool>, FieldError> {
        self.object
            .get(name)
            .map(|value| {
                value
                    .as_bool()
                    .ok_or_else(|| self.error(name, "must be true or false"))
            })
            .transpose()
    }

    /// A whole number in a range that must be there.
    pub(crate) fn integer(
        &self,
        name: &str,
        range: &RangeInclusive<i64>,
    ) -> Result<i64, FieldError> {
        self.required(name)?
            .as_i64()
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let (from, to) = (range.start(), range.end());
                self.error(name, format!("must be a whole number from {from} to {to}"))
            })
    }

    /// A whole number in a range that may be left out.
    pub(crate) fn optional_integer(
        &self,
        name: &str,
        range: &RangeInclusive<i64>,
    ) -> Result<Option<i64>, FieldError> {
        self.has(name)
            .then(|| self.integer(name, range))
            .transpose()
    }

    /// A number that may be left out.
    pub(crate) fn optional_number(&self, name: &str) -> Result<Option<f64>, FieldError> {
        match self.object.get(name) {
            None => Ok(None),
            Some(value) => value
                .as_f64()
                .map(Some)
                .ok_or_else(|| self.error(name, "must be a number")),
        }
    }

    /// An account that must be there.
    pub(crate) fn account(&self, name: &str, rule: AccountRule) -> Result<&'a str, FieldError> {
        self.check_account(name, self.required(name)?, rule)
    }

    /// An array of accounts that must be there. It may be empty.
    pub(crate) fn accounts(
        &self,
        name: &str,
        rule: AccountRule,
    ) -> Result<Vec<&'a str>, FieldError> {
        let Value::Array(accounts) = self.required(name)? else {
            return Err(self.error(name, "must be an array of strings"));
        };
        accounts
            .iter()
            .enumerate()
            .map(|(index, account)| self.check_account(&format!("{name}[{index}]"), account, rule))
            .collect()
    }

    fn check_account(
        &self,
        name: &str,
        value: &'a Value,
        rule: AccountRule,
    ) -> Result<&'a str, FieldError> {
        let Value::String(account) = value else {
            return Err(FieldError {
                is_account_of_wrong_type: true,
                ..self.error(name, "must be a string")
            });
        };
        if rule.allows(account) {
            Ok(account)
        } else {
            Err(self.error(name, rule.text()))
        }
    }

    fn required(&self, name: &str) -> Result<&'a Value, FieldError> {
        self.object.get(name).ok_or_else(|| self.missing(name))
    }

    /// That there are no other fields than these: for the control API, where a misspelt option must not
    /// be lost in silence. (The service ignores what it does not know.)
    pub(crate) fn only(&self, names: &[&str]) -> Result<(), FieldError> {
        match self.names().find(|name| !names.contains(name)) {
            Some(unknown) => {
                let known = names.join(", ");
                Err(self.error(unknown, format!("is unknown; there are {known}")))
            }
            None => Ok(()),
        }
    }
}

/// Rules for the fields of one object.
pub(crate) type FieldRules = &'static [(&'static str, Rule)];

/// What a field must be that may be left out.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// A string.
    Text,
    /// A string of which this holds, and the rule in words.
    TextThat(fn(&str) -> bool, &'static str),
    /// A whole number from the one to the other.
    Integer(u32, u32),
    /// An object with such fields.
    Object(FieldRules),
    /// An array of such objects.
    Objects(FieldRules),
    /// As this finds in the object, also where the field is not there.
    By(fn(Fields<'_>) -> Result<(), FieldError>),
}

/// Which names an application's users have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccountRule {
    /// 1 to 32 bytes, ASCII letters, digits, `_` and `-`.
    Strict,
    /// Anything but the empty name, as in older tenants.
    Any,
}

impl AccountRule {
    fn allows(self, account: &str) -> bool {
        match self {
            AccountRule::Strict => {
                (1..=32).contains(&account.len())
                    && account
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
            }
            AccountRule::Any => !account.is_empty(),
        }
    }

    fn text(self) -> &'static str {
        match self {
            AccountRule::Strict => "must be 1 to 32 ASCII letters, digits, `_` or `-`",
            AccountRule::Any => "must not be empty",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T>(
        value: &Value,
        read: impl FnOnce(Fields<'_>) -> Result<T, FieldError>,
    ) -> Result<T, String> {
        read(Fields::new(value.as_object().unwrap())).map_err(|error| error.to_string())
    }

    #[test]
    fn of_a_name_that_stands_there_twice_the_last_value_counts() {
        let object = parse_object(br#"{"N":1,"M":[true],"N":9}"#).unwrap();
        let fields = Fields::new(&object);
        assert_eq!(fields.integer("N", &(1..=10)), Ok(9));
        assert_eq!(fields.names().count(), 2);
    }

    #[test]
    fn what_is_no_json_object_says_so() {
        for body in [
            &b""[..],
            b"{",
            b"[]",
            b"\"\\ud800\"",
            b"\xff",
            &[b'['; 200_000],
        ] {
            assert!(parse_object(body).unwrap_err().starts_with("must be "));
        }
    }

    #[test]
    fn numbers_are_whole_and_within_their_range() {
        for value in [
            json!(1.0),
            json!("1"),
            json!(0),
            json!(11),
            json!(u64::MAX),
            json!(null),
        ] {
            let object = json!({ "N": value });
            assert_eq!(
                read(&object, |fields| fields.integer("N", &(1..=10))),
                Err("N: must be a whole number from 1 to 10".to_owned()),
                "{object}"
            );
        }
        assert_eq!(
            read(&json!({ "N": 10 }), |fields| fields.integer("N", &(1..=10))),
            Ok(10)
        );
    }

    #[test]
    fn a_field_within_an_object_is_named_with_its_path() {
        let object = json!({ "CallInfo": { "RoomId": 7 } });
        let error = read(&object, |fields| {
            fields.object("CallInfo")?.string("RoomId").map(drop)
        });
        assert_eq!(error, Err("CallInfo.RoomId: must be a string".to_owned()));
    }

    #[test]
    fn an_account_of_another_type_has_its_own_mark() {
        let object = json!({ "A": ["jack", 5] });
        let error = Fields::new(object.as_object().unwrap())
            .accounts("A", AccountRule::Strict)
            .unwrap_err();
        assert_eq!(error.field, "A[1]");
        assert!(error.is_account_of_wrong_type);
    }

    #[test]
    fn the_account_rule_is_1_to_32_bytes_of_letters_digits_underscore_and_hyphen() {
        for (account, is_allowed) in [
            ("a", true),
            ("A-z_09", true),
            (&"x".repeat(32), true),
            (&"x".repeat(33), false),
            ("", false),
            ("a.b", false),
            ("用户", false),
        ] {
            assert_eq!(AccountRule::Strict.allows(account), is_allowed, "{account}");
        }
        assert!(AccountRule::Any.allows("用户"));
        assert!(!AccountRule::Any.allows(""));
    }
}
