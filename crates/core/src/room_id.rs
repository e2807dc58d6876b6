use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::{Serialize, Serializer};

use crate::quoted::quoted;
use crate::text_id::text_id;
use crate::{Problem, ProblemCode};

/// A room's name. **Number 123 and text "123" are two different rooms.**
///
/// A `u32` converts to the numeric room, a string to the string room, whatever it looks like:
///
/// ```
/// use trtc_call_core::RoomId;
///
/// assert_ne!(RoomId::try_from(123)?, RoomId::try_from("123")?);
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
///
/// Serialised as a JSON number or a JSON string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoomId {
    /// A numeric room, 1 to 4294967294.
    Number(RoomNumber),
    /// A string room, 1 to 64 bytes.
    Text(TextRoomId),
}

/// The number of a numeric room: 1 to 4294967294.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RoomNumber(NonZeroU32);

/// The name of a string room: 1 to 64 bytes out of letters, digits, space and
/// ``!#$%&()+-:;<=.>?@[]^_{}|~,``.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TextRoomId(String);

impl RoomId {
    /// The largest numeric room.
    pub const MAX_NUMBER: u32 = 4_294_967_294;
    /// The longest string room, in bytes.
    pub const MAX_TEXT_BYTES: usize = 64;

    /// A numeric room.
    ///
    /// # Errors
    /// If the number is outside 1 to 4294967294.
    pub fn number(number: u32) -> Result<RoomId, Problem> {
        RoomNumber::new(number).map(RoomId::Number)
    }

    /// A string room.
    ///
    /// # Errors
    /// If it is not 1 to 64 bytes out of the allowed characters (see [`TextRoomId`]).
    pub fn text(text: impl Into<String>) -> Result<RoomId, Problem> {
        TextRoomId::new(text).map(RoomId::Text)
    }

    /// A string room as the service reported it, unchecked.
    pub(crate) fn reported_text(text: impl Into<String>) -> RoomId {
        RoomId::Text(TextRoomId(text.into()))
    }

    /// `RoomIdType` of the call engine: 1 numeric, 2 string.
    #[must_use]
    pub fn call_type_code(&self) -> u32 {
        match self {
            RoomId::Number(_) => 1,
            RoomId::Text(_) => 2,
        }
    }

    /// `RoomIdType` of stream ingest, for an account that codes it so.
    #[must_use]
    pub fn ingest_type_code(&self, coding: IngestRoomIdCoding) -> u32 {
        match (self, coding) {
            (RoomId::Number(_), IngestRoomIdCoding::NumericZero)
            | (RoomId::Text(_), IngestRoomIdCoding::NumericOne) => 0,
            (RoomId::Text(_), IngestRoomIdCoding::NumericZero)
            | (RoomId::Number(_), IngestRoomIdCoding::NumericOne) => 1,
        }
    }
}

text_id!(TextRoomId);

impl TextRoomId {
    /// Takes a name that follows the rule of string rooms.
    ///
    /// # Errors
    /// If it is not 1 to 64 bytes out of the allowed characters.
    pub fn new(text: impl Into<String>) -> Result<TextRoomId, Problem> {
        let text = text.into();
        let problem =
            |rule: String| Problem::new("room", rule, "choose another name, or a numeric room");
        if text.is_empty() {
            let rule = "a string room must not be empty".to_owned();
            return Err(problem(rule).coded(ProblemCode::Empty));
        }
        if let Some(character) = text.chars().find(|c| !is_allowed(*c)) {
            let found = quoted(character.encode_utf8(&mut [0; 4]));
            let rule = format!(
                "a string room may hold letters, digits, space and {PUNCTUATION} only, not {found}"
            );
            return Err(problem(rule)
                .coded(ProblemCode::WrongCharacter)
                .with("found", character.to_string()));
        }
        if text.len() > RoomId::MAX_TEXT_BYTES {
            let (max, found) = (RoomId::MAX_TEXT_BYTES, text.len());
            let rule = format!("a string room must be at most {max} bytes long, not {found}");
            return Err(problem(rule)
                .coded(ProblemCode::TooLong)
                .with("max", max)
                .with("found", found));
        }
        Ok(TextRoomId(text))
    }
}

/// What `RoomIdType` means to stream ingest. The vendor's pages contradict each other, and **a wrong
/// value puts the robot into another room without any error**.
///
/// To find out which one an account needs: start an ingest into a room in which somebody listens. If
/// nothing is heard though the task goes on, take the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum IngestRoomIdCoding {
    /// 0 numeric, 1 string: what <https://trtc.io/document/71845> says, which describes playing into
    /// calls.
    #[default]
    NumericZero,
    /// 0 string, 1 numeric: what the table of the API reference says
    /// (<https://trtc.io/document/57835>).
    NumericOne,
}

impl IngestRoomIdCoding {
    /// The name this library uses: `numeric-0` or `numeric-1`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            IngestRoomIdCoding::NumericZero => "numeric-0",
            IngestRoomIdCoding::NumericOne => "numeric-1",
        }
    }
}

impl FromStr for IngestRoomIdCoding {
    type Err = Problem;

    fn from_str(name: &str) -> Result<IngestRoomIdCoding, Problem> {
        match name {
            "numeric-0" => Ok(IngestRoomIdCoding::NumericZero),
            "numeric-1" => Ok(IngestRoomIdCoding::NumericOne),
            _ => Err(Problem::new(
                "ingest_room_id_coding",
                "must be numeric-0 or numeric-1",
                "numeric-0 unless an ingest plays into another room than the call's",
            )
            .coded(ProblemCode::NotAChoice)
            .with("choices", "numeric-0, numeric-1")),
        }
    }
}

impl fmt::Display for IngestRoomIdCoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// With the letters, the digits and the space: the 89 characters of a string room.
const PUNCTUATION: &str = "!#$%&()+-:;<=.>?@[]^_{}|~,";

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == ' '
        || PUNCTUATION.chars().any(|allowed| allowed == character)
}

impl TextRoomId {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl RoomNumber {
    /// The smallest one, 1.
    pub const MIN: RoomNumber = RoomNumber(NonZeroU32::MIN);

    /// Takes the number.
    ///
    /// # Errors
    /// If it is outside 1 to 4294967294.
    pub fn new(number: u32) -> Result<RoomNumber, Problem> {
        match NonZeroU32::new(number) {
            Some(room) if number <= RoomId::MAX_NUMBER => Ok(RoomNumber(room)),
            _ => Err(Problem::new(
                "room",
                format!(
                    "a numeric room must be from 1 to {}, not {number}",
                    RoomId::MAX_NUMBER
                ),
                "choose a number in that range, or a string room",
            )
            .coded(ProblemCode::OutOfRange)
            .with("from", 1)
            .with("to", RoomId::MAX_NUMBER)
            .with("found", number)),
        }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for RoomNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<RoomNumber> for RoomId {
    fn from(number: RoomNumber) -> RoomId {
        RoomId::Number(number)
    }
}

impl From<TextRoomId> for RoomId {
    fn from(text: TextRoomId) -> RoomId {
        RoomId::Text(text)
    }
}

impl TryFrom<u32> for RoomId {
    type Error = Problem;

    fn try_from(number: u32) -> Result<RoomId, Problem> {
        RoomId::number(number)
    }
}

impl TryFrom<&str> for RoomId {
    type Error = Problem;

    fn try_from(text: &str) -> Result<RoomId, Problem> {
        RoomId::text(text)
    }
}

impl TryFrom<String> for RoomId {
    type Error = Problem;

    fn try_from(text: String) -> Result<RoomId, Problem> {
        RoomId::text(text)
    }
}

impl From<&RoomId> for RoomId {
    fn from(room: &RoomId) -> RoomId {
        room.clone()
    }
}

/// The name alone; the kind of room does not show.
impl fmt::Display for RoomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RoomId::Number(number) => number.fmt(f),
            RoomId::Text(text) => f.write_str(text.as_str()),
        }
    }
}

impl Serialize for RoomId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            RoomId::Number(number) => number.serialize(serializer),
            RoomId::Text(text) => text.serialize(serializer),
        }
    }
}

/// A number is the numeric room and a string is the string room; both are held to their rules.
impl<'de> Deserialize<'de> for RoomId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RoomId, D::Error> {
        struct RoomVisitor;

        impl Visitor<'_> for RoomVisitor {
            type Value = RoomId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a room: a number from 1 to 4294967294, or a string")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<RoomId, E> {
                match u32::try_from(number) {
                    Ok(number) => RoomId::number(number).map_err(E::custom),
                    Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
                }
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<RoomId, E> {
                RoomId::text(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(RoomVisitor)
    }
}

impl<'de> Deserialize<'de> for RoomNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RoomNumber, D::Error> {
        let number = u32::deserialize(deserializer)?;
        RoomNumber::new(number).map_err(de::Error::custom)
    }
}

/// The rule of numeric rooms as a regular expression: 1 to 4294967294, without leading zeros.
#[cfg(feature = "openapi")]
pub(crate) fn number_pattern() -> String {
    "^([1-9][0-9]{0,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}\
     |42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-4])$"
        .to_owned()
}

/// The rule of string rooms as a regular expression.
#[cfg(feature = "openapi")]
pub(crate) fn text_pattern() -> String {
    let mut punctuation = String::new();
    for character in PUNCTUATION.chars() {
        // What has a meaning within a regular expression's brackets.
        if "[]^-".contains(character) {
            punctuation.push('\\');
        }
        punctuation.push(character);
    }
    format!(
        "^[A-Za-z0-9 {punctuation}]{{1,{}}}$",
        RoomId::MAX_TEXT_BYTES
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_89_characters_are_allowed() {
        assert_eq!(
            (0..=0x10_ffff)
                .filter_map(char::from_u32)
                .filter(|c| is_allowed(*c))
                .count(),
            89
        );
    }

    #[test]
    fn the_ranges_are_those_of_the_vendor() {
        assert!(RoomId::number(0).is_err());
        assert!(RoomId::number(u32::MAX).is_err());
        assert!(RoomId::number(RoomId::MAX_NUMBER).is_ok());
        assert_eq!(RoomNumber::new(1).unwrap().get(), 1);
        assert!(RoomId::text("a".repeat(64)).is_ok());
        for text in ["", "a/b", "a\"b", "房间", &"a".repeat(65)] {
            assert!(RoomId::text(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_numeric_looking_string_room_stays_a_string_room() {
        assert_eq!(RoomId::text("123").unwrap().call_type_code(), 2);
        assert_eq!(
            serde_json::to_string(&RoomId::text("123").unwrap()).unwrap(),
            "\"123\""
        );
        assert_eq!(
            serde_json::to_string(&RoomId::number(123).unwrap()).unwrap(),
            "123"
        );
    }

    #[test]
    fn calls_and_ingest_number_the_kinds_of_room_differently() {
        let (number, text) = (RoomId::number(7).unwrap(), RoomId::text("7").unwrap());
        let codes = |room: &RoomId| {
            (
                room.call_type_code(),
                room.ingest_type_code("numeric-0".parse().unwrap()),
                room.ingest_type_code("numeric-1".parse().unwrap()),
            )
        };
        assert_eq!(codes(&number), (1, 0, 1));
        assert_eq!(codes(&text), (2, 1, 0));
        assert_eq!(number.ingest_type_code(IngestRoomIdCoding::default()), 0);
        assert!("0".parse::<IngestRoomIdCoding>().is_err());
    }
}
