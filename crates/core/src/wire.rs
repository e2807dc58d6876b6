//! How single values travel: open enums, and fields that arrive in more than one spelling.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::endpoint::PayloadError;
use crate::{RoomId, UserId};

/// An enum of the service's words that keeps a word it does not know. Parsing ignores case, and takes
/// every spelling that is published: the first one listed is the one that is written.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $spelling:literal)*),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A word this library does not know, as it arrived.
            Unknown(String),
        }

        impl $name {
            /// The words this library knows.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The service's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)*
                    $name::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> $name {
                $(
                    if word.eq_ignore_ascii_case($word) $(|| word.eq_ignore_ascii_case($spelling))* {
                        return $name::$variant;
                    }
                )*
                $name::Unknown(word.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let word = String::deserialize(deserializer)?;
                Ok($name::from(word.as_str()))
            }
        }

        #[cfg(feature = "openapi")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": $name::WORDS })
            }
        }
    };
}

pub(crate) use open_enum;

/// An enum of the service's numbers that keeps a number it does not know.
macro_rules! open_code {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A number this library does not know.
            Unknown(i64),
        }

        impl $name {
            /// The numbers this library knows.
            pub const CODES: &'static [i64] = &[$($code),*];

            /// The service's number.
            #[must_use]
            pub fn code(self) -> i64 {
                match self {
                    $($name::$variant => $code,)*
                    $name::Unknown(code) => code,
                }
            }
        }

        impl From<i64> for $name {
            fn from(code: i64) -> $name {
                match code {
                    $($code => $name::$variant,)*
                    other => $name::Unknown(other),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.code())
            }
        }

        #[cfg(feature = "openapi")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "integer", "enum": $name::CODES })
            }
        }
    };
}

pub(crate) use open_code;

/// The entries of a JSON object in their order, repeated names too.
pub(crate) struct Entries<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<'de>, D::Error> {
        struct EntriesVisitor;

        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries<'de>, A::Error> {
                let mut entries = Vec::with_capacity(8);
                while let Some((Name(name), value)) = map.next_entry()? {
                    entries.push((name, value));
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(EntriesVisitor)
    }
}

/// Borrowed unless it holds escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A string, or an integer of any size as its exact digits: some commands publish a number where others
/// publish text, and an account such as 9007199254740993 must not be rounded.
#[derive(Default)]
pub(crate) struct TextOrInteger(pub(crate) String);

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for TextOrInteger {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TextOrInteger".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "integer"] })
    }
}

impl TextOrInteger {
    /// Reads what is known to be one JSON value.
    pub(crate) fn of(json: &str) -> Option<TextOrInteger> {
        if let Some(quoted) = json.strip_prefix('"') {
            let text = match quoted.strip_suffix('"') {
                Some(plain) if !plain.contains('\\') => plain.to_owned(),
                _ => serde_json::from_str(json).ok()?,
            };
            return Some(TextOrInteger(text));
        }
        let digits = json.strip_prefix('-').unwrap_or(json);
        let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_integer.then(|| TextOrInteger(json.to_owned()))
    }
}

impl<'de> Deserialize<'de> for TextOrInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TextOrInteger, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        TextOrInteger::of(json).ok_or_else(|| D::Error::custom("expected a string or an integer"))
    }
}

impl From<TextOrInteger> for UserId {
    fn from(TextOrInteger(name): TextOrInteger) -> UserId {
        UserId::any(name)
    }
}

/// An integer, or a string that holds one.
#[derive(Default)]
pub(crate) struct IntegerOrText(pub(crate) i64);

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for IntegerOrText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IntegerOrText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["integer", "string"], "pattern": "^-?[0-9]+$" })
    }
}

impl IntegerOrText {
    /// Reads what is known to be one JSON value.
    pub(crate) fn of(json: &str) -> Option<IntegerOrText> {
        if let Ok(integer) = json.parse() {
            return Some(IntegerOrText(integer)); // As JSON has it, without a plus sign.
        }
        let TextOrInteger(text) = TextOrInteger::of(json)?;
        text.parse().ok().map(IntegerOrText)
    }
}

impl<'de> Deserialize<'de> for IntegerOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<IntegerOrText, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        IntegerOrText::of(json)
            .ok_or_else(|| D::Error::custom("expected an integer of at most 64 bits"))
    }
}

/// The room that the pair `RoomId` and `RoomIdType` of the call engine names, if any.
pub(crate) fn reported_room(
    TextOrInteger(id): TextOrInteger,
    IntegerOrText(type_code): IntegerOrText,
) -> Result<Option<RoomId>, PayloadError> {
    if id.is_empty() {
        return Ok(None); // Published with type 0 and with type 1; no room has an empty name.
    }
    match type_code {
        // Printed again, to refuse signs and leading zeros: "007" is no number of the service's.
        1 => match id.parse::<u32>() {
            Ok(number) if number.to_string() == id => Ok(Some(RoomId::Number(number))),
            _ => Err(PayloadError::new(format!(
                "RoomIdType is 1 (numeric), but RoomId is {id:?}"
            ))),
        },
        2 => Ok(Some(RoomId::reported_text(id))),
        other => Err(PayloadError::new(format!(
            "RoomIdType is {other} for RoomId {id:?}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_any_size_keep_every_digit() {
        for digits in [
            "9007199254740993",
            "-5",
            "340282366920938463463374607431768211456",
        ] {
            let TextOrInteger(text) = serde_json::from_str(digits).unwrap();
            assert_eq!(text, digits);
        }
        for other in ["1.5", "1e3", "true", "null", "[]", "{}"] {
            assert!(
                serde_json::from_str::<TextOrInteger>(other).is_err(),
                "{other}"
            );
        }
    }

    #[test]
    fn a_reported_room_is_never_another_room() {
        let room = |id: &str, type_code| {
            reported_room(TextOrInteger(id.to_owned()), IntegerOrText(type_code))
        };
        assert_eq!(room("", 0).unwrap(), None);
        assert_eq!(room("", 1).unwrap(), None);
        assert_eq!(room("123", 1).unwrap(), Some(RoomId::Number(123)));
        assert_eq!(room("123", 2).unwrap(), Some(RoomId::reported_text("123")));
        for (id, type_code) in [
            ("abc", 1),
            ("4294967296", 1),
            ("+5", 1),
            ("007", 1),
            ("123", 0),
            ("123", 3),
        ] {
            assert!(room(id, type_code).is_err(), "{id} {type_code}");
        }
    }
}
