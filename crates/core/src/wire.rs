//! How single values travel: open enums, and fields that arrive in more than one spelling.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::endpoint::PayloadError;
use crate::{RoomId, UserId};

/// An enum of the service's words that keeps a word it does not know. Parsing ignores case.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),* $(,)? }
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
                $(if word.eq_ignore_ascii_case($word) { return $name::$variant; })*
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
    };
}

pub(crate) use open_enum;

/// A string, or an integer of any size as its exact digits: some commands publish a number where others
/// publish text, and an account such as 9007199254740993 must not be rounded.
#[derive(Default)]
pub(crate) struct TextOrInteger(pub(crate) String);

impl<'de> Deserialize<'de> for TextOrInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TextOrInteger, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.starts_with('"') {
            return serde_json::from_str(raw)
                .map(TextOrInteger)
                .map_err(D::Error::custom);
        }
        let digits = raw.strip_prefix('-').unwrap_or(raw);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(TextOrInteger(raw.to_owned()));
        }
        Err(D::Error::custom("expected a string or an integer"))
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

impl<'de> Deserialize<'de> for IntegerOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<IntegerOrText, D::Error> {
        let TextOrInteger(text) = TextOrInteger::deserialize(deserializer)?;
        match text.parse() {
            Ok(integer) => Ok(IntegerOrText(integer)),
            Err(_) => Err(D::Error::custom("expected an integer of at most 64 bits")),
        }
    }
}

/// The room that the pair `RoomId` and `RoomIdType` of the call engine names, if any.
pub(crate) fn reported_room(
    TextOrInteger(id): TextOrInteger,
    IntegerOrText(type_code): IntegerOrText,
) -> Result<Option<RoomId>, PayloadError> {
    match type_code {
        0 if id.is_empty() => Ok(None),
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
