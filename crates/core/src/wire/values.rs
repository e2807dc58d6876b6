//! Values that arrive in more than one spelling.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::{CallId, TaskId, UserId};

/// A string, or an integer of any size as its exact digits: some commands publish a number where others publish
/// text, and an account such as 9007199254740993 must not be rounded.
#[derive(Debug)]
pub(crate) struct Text(pub(crate) String);

/// A [`Text`] that says something: an empty one counts as missing.
#[derive(Debug)]
pub(crate) struct Name(pub(crate) String);

/// An integer, or a string that holds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Integer(pub(crate) i64);

/// A number of things or a count since 1970, also where a string holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count(pub(crate) u64);

/// What may be missing, `null` or unreadable: then nothing is said. What cannot be read is kept, where what is
/// unknown is. Only [`read`](super::read) can read it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said<T>(pub(crate) Option<T>);

/// The items of a list that can be read, each as if it were [`Said`]; none where the list is missing or `null`.
#[derive(Debug)]
pub(crate) struct Items<T>(pub(crate) Vec<T>);

/// A list that is always there; where it has no items it may be `null`.
#[derive(Debug)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        match digits_or_text(<&RawValue>::deserialize(deserializer)?) {
            Some(text) => Ok(Text(text.into_owned())),
            None => Err(D::Error::custom("a string")),
        }
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        let Text(name) = Text::deserialize(deserializer)?;
        if name.is_empty() {
            return Err(D::Error::missing_field(""));
        }
        Ok(Name(name))
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Integer, D::Error> {
        let digits = digits_or_text(<&RawValue>::deserialize(deserializer)?);
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(integer) => Ok(Integer(integer)),
            None => Err(D::Error::custom("an integer of at most 64 bits")),
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
        let Integer(integer) = Integer::deserialize(deserializer)?;
        match u64::try_from(integer) {
            Ok(count) => Ok(Count(count)),
            Err(_) => Err(D::Error::custom("a number that is not negative")),
        }
    }
}

/// The digits of an integer, or what a string says.
pub(crate) fn digits_or_text(json: &RawValue) -> Option<Cow<'_, str>> {
    let json = json.get();
    if let Some(inside) = json.strip_prefix('"') {
        return match inside.strip_suffix('"') {
            Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
            _ => serde_json::from_str(json).map(Cow::Owned).ok(),
        };
    }
    let digits = json.strip_prefix('-').unwrap_or(json);
    let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_integer.then_some(Cow::Borrowed(json))
}

/// Reads a name or a word of a type that has no reader of its own, since it takes any text here and is checked where
/// it comes from users.
pub(crate) fn text<'de, D: Deserializer<'de>, T: From<Text>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Text::deserialize(deserializer).map(T::from)
}

/// The same, where it may be missing.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: From<Text>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<Text>::deserialize(deserializer)?;
    Ok(text.map(T::from))
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Said<T>, D::Error> {
        struct SaidVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for SaidVisitor<T> {
            type Value = Said<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            /// `null`, or missing.
            fn visit_none<E>(self) -> Result<Said<T>, E> {
                Ok(Said(None))
            }

            fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<Said<T>, D::Error> {
                value.deserialize_tuple_struct("Said", 1, self)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut value: A) -> Result<Said<T>, A::Error> {
                value.next_element().map(Said)
            }
        }

        deserializer.deserialize_option(SaidVisitor(PhantomData))
    }
}

impl Said<Text> {
    /// A word or a name, which is empty where none is said.
    pub(crate) fn or_empty<T: From<Text>>(self) -> T {
        self.0.unwrap_or_else(|| Text(String::new())).into()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Items<T>, D::Error> {
        let items = Option::<Vec<Said<T>>>::deserialize(deserializer)?;
        let items = items.into_iter().flatten();
        Ok(Items(items.filter_map(|Said(item)| item).collect()))
    }
}

impl<T> Items<T> {
    /// The items as something else.
    pub(crate) fn map<U>(self, convert: impl FnMut(T) -> U) -> Vec<U> {
        self.0.into_iter().map(convert).collect()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<List<T>, D::Error> {
        struct ListVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            /// `null`
            fn visit_unit<E>(self) -> Result<List<T>, E> {
                Ok(List(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List<T>, A::Error> {
                let mut list = Vec::with_capacity(items.size_hint().unwrap_or_default());
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(List(list))
            }
        }

        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

impl<T> List<T> {
    /// The items as something else.
    pub(crate) fn map<U>(self, convert: impl FnMut(T) -> U) -> Vec<U> {
        self.0.into_iter().map(convert).collect()
    }
}

impl From<Text> for UserId {
    fn from(Text(name): Text) -> UserId {
        UserId::any(name)
    }
}

impl From<Text> for CallId {
    fn from(Text(id): Text) -> CallId {
        CallId::reported(id)
    }
}

impl From<Text> for TaskId {
    fn from(Text(id): Text) -> TaskId {
        TaskId::reported(id)
    }
}

impl From<Name> for CallId {
    fn from(Name(id): Name) -> CallId {
        CallId::reported(id)
    }
}

/// How they look on the wire.
#[cfg(feature = "openapi")]
mod described {
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{Count, Cow, Integer, Items, List, Said, Text};

    impl JsonSchema for Text {
        fn schema_name() -> Cow<'static, str> {
            "Text".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": ["string", "integer"] })
        }
    }

    impl JsonSchema for Integer {
        fn schema_name() -> Cow<'static, str> {
            "Integer".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": ["integer", "string"], "pattern": "^-?[0-9]+$" })
        }
    }

    impl JsonSchema for Count {
        fn schema_name() -> Cow<'static, str> {
            "Count".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            u64::json_schema(generator)
        }
    }

    /// What is documented.
    macro_rules! described_as {
        ($($lenient:ident<T> $documented:ty),*) => { $(
            impl<T: JsonSchema> JsonSchema for $lenient<T> {
                fn inline_schema() -> bool {
                    <$documented>::inline_schema()
                }

                fn schema_name() -> Cow<'static, str> {
                    <$documented>::schema_name()
                }

                fn schema_id() -> Cow<'static, str> {
                    <$documented>::schema_id()
                }

                fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                    <$documented>::json_schema(generator)
                }
            }
        )* };
    }

    described_as! { Said<T> T, Items<T> Vec<T> }

    impl<T: JsonSchema> JsonSchema for List<T> {
        fn schema_name() -> Cow<'static, str> {
            "List".into()
        }

        fn json_schema(generator: &mut SchemaGenerator) -> Schema {
            Vec::<T>::json_schema(generator)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn integers_of_any_size_keep_every_digit() {
        let text = |json| read(json).map(|Text(text)| text);
        for digits in [
            "9007199254740993",
            "-5",
            "340282366920938463463374607431768211456",
        ] {
            assert_eq!(text(digits).as_deref(), Some(digits));
        }
        assert_eq!(text(r#""\u0031a""#).as_deref(), Some("1a"));
        for other in ["1.5", "1e3", "true", "null", "[]", "{}", r#""\ud800""#] {
            assert_eq!(text(other), None, "{other}");
        }
    }

    #[test]
    fn an_integer_fits_64_bits_and_may_stand_in_a_string() {
        let integer = |json| read(json).map(|Integer(integer)| integer);
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(integer("\"101001\""), Some(101_001));
        for other in ["9223372036854775808", "1.0", "\"\"", "\"1 \"", "null"] {
            assert_eq!(integer(other), None, "{other}");
        }
        assert_eq!(read("\"5\""), Some(Count(5)));
        assert_eq!(read::<Count>("-1"), None);
    }
}
