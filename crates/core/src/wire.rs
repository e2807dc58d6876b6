//! How single values travel: open enums, and fields that arrive in more than one spelling.

use std::borrow::Cow;

use trtc_call_json::Json;

use crate::RoomId;
use crate::endpoint::PayloadError;
use crate::quoted::quoted;

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
                    if crate::wire::is_any_of(word, &[$word $(, $spelling)*]) {
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

/// Whether `word` is one of the `spellings`, whatever its case.
pub(crate) fn is_any_of(word: &str, spellings: &[&str]) -> bool {
    spellings
        .iter()
        .any(|spelling| word.eq_ignore_ascii_case(spelling))
}

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

/// A string, or the digits of an integer of any size: names arrive as either.
pub(crate) fn text_of(json: Json<'_>) -> Option<String> {
    match json.integer() {
        Some(digits) => Some(digits.to_owned()),
        None => json.string().map(Cow::into_owned),
    }
}

/// An integer, or a string that holds one.
pub(crate) fn integer_of(json: Json<'_>) -> Option<i64> {
    match json.integer() {
        Some(digits) => digits.parse().ok(),
        None => json.string()?.parse().ok(),
    }
}

/// What [`text_of`] reads, described.
#[cfg(feature = "openapi")]
#[derive(Default)]
pub(crate) struct TextOrInteger;

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for TextOrInteger {
    fn schema_name() -> Cow<'static, str> {
        "TextOrInteger".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "integer"] })
    }
}

/// What [`integer_of`] reads, described.
#[cfg(feature = "openapi")]
#[derive(Default)]
pub(crate) struct IntegerOrText;

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for IntegerOrText {
    fn schema_name() -> Cow<'static, str> {
        "IntegerOrText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["integer", "string"], "pattern": "^-?[0-9]+$" })
    }
}

/// The room that the pair `RoomId` and `RoomIdType` of the call engine names, if any.
pub(crate) fn reported_room(id: &str, type_code: i64) -> Result<Option<RoomId>, PayloadError> {
    if id.is_empty() {
        return Ok(None); // Published with type 0 and with type 1; no room has an empty name.
    }
    match type_code {
        // Printed again, to refuse signs and leading zeros: "007" is no number of the service's.
        1 => match id.parse::<u64>().map(u32::try_from) {
            Ok(Ok(number)) if number.to_string() == id && RoomId::number(number).is_ok() => {
                Ok(RoomId::number(number).ok())
            }
            _ => Err(PayloadError::new(format!(
                "RoomIdType is 1 (numeric), but RoomId is {}",
                quoted(id)
            ))),
        },
        2 => Ok(Some(RoomId::reported_text(id))),
        other => Err(PayloadError::new(format!(
            "RoomIdType is {other} for RoomId {}",
            quoted(id)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_any_size_keep_every_digit() {
        let text = |json| text_of(Json::parse(json).unwrap());
        for digits in [
            "9007199254740993",
            "-5",
            "340282366920938463463374607431768211456",
        ] {
            assert_eq!(text(digits).as_deref(), Some(digits));
        }
        assert_eq!(text(r#""\u0031a""#).as_deref(), Some("1a"));
        for other in ["1.5", "1e3", "true", "null", "[]", "{}"] {
            assert_eq!(text(other), None, "{other}");
        }
    }

    #[test]
    fn an_integer_fits_64_bits_and_may_stand_in_a_string() {
        let integer = |json| integer_of(Json::parse(json).unwrap());
        assert_eq!(integer("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(integer("\"101001\""), Some(101_001));
        for other in ["9223372036854775808", "1.0", "\"\"", "\"1 \"", "null"] {
            assert_eq!(integer(other), None, "{other}");
        }
    }

    #[test]
    fn a_reported_room_is_never_another_room() {
        assert_eq!(reported_room("", 0).unwrap(), None);
        assert_eq!(reported_room("", 1).unwrap(), None);
        assert_eq!(reported_room("123", 1).unwrap(), RoomId::number(123).ok());
        assert_eq!(
            reported_room("123", 2).unwrap(),
            Some(RoomId::reported_text("123"))
        );
        for (id, type_code) in [
            ("abc", 1),
            ("4294967296", 1),
            ("+5", 1),
            ("007", 1),
            ("123", 0),
            ("123", 3),
        ] {
            assert!(reported_room(id, type_code).is_err(), "{id} {type_code}");
        }
    }
}
