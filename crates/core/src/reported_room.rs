use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IntoDeserializer as _, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::input::Given;
use crate::wire::digits_or_text;
use crate::{JsonText, Problem, RoomId};

/// A room as the service reports it, in replies and webhooks.
///
/// The service names a room by two fields, `RoomId` and `RoomIdType`. Number 123 and text "123" are two rooms, so
/// where the second is missing or contradicts the first, nobody can tell which room is meant. That is no error, and
/// no room to guess at either.
///
/// Serialised as the [`RoomId`], or as `{"roomId", "roomIdType"}` as they arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ReportedRoom {
    /// A room that can be told.
    Known(RoomId),
    /// One that cannot.
    Untold(UntoldRoom),
}

/// What the service says of a room that cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UntoldRoom {
    /// `RoomId`, as it arrived.
    pub room_id: JsonText,
    /// `RoomIdType`, as it arrived, if it did.
    pub room_id_type: Option<JsonText>,
}

impl ReportedRoom {
    /// The room that the fields `RoomId` and `RoomIdType` name, if any.
    pub(crate) fn read(
        room_id: Option<&RawValue>,
        room_id_type: Option<&RawValue>,
    ) -> Option<ReportedRoom> {
        let room_id = room_id?;
        let id = digits_or_text(room_id);
        let room = match (
            id.as_deref(),
            room_id_type.and_then(digits_or_text).as_deref(),
        ) {
            // Published with type 0 and with type 1; no room has an empty name.
            (Some(""), _) => return None,
            (Some(id), Some("1")) => number(id),
            (Some(id), Some("2")) => Some(RoomId::reported_text(id)),
            _ => None,
        };
        Some(match room {
            Some(room) => ReportedRoom::Known(room),
            None => ReportedRoom::Untold(UntoldRoom {
                room_id: room_id.into(),
                room_id_type: room_id_type.map(JsonText::from),
            }),
        })
    }

    /// A room as it is serialised.
    pub(crate) fn given(given: Given<'_>) -> Result<ReportedRoom, Problem> {
        let json = given.json();
        match json.as_bytes().first() {
            Some(b'"') => Ok(RoomId::reported_text(given.text()?).into()),
            Some(b'{') => serde_json::from_str(json)
                .map(ReportedRoom::Untold)
                .map_err(|_| given.wrong_type("a room, as a record has it")),
            _ => given.room().map(ReportedRoom::Known),
        }
    }

    /// The room, if it can be told which.
    #[must_use]
    pub fn known(&self) -> Option<&RoomId> {
        match self {
            ReportedRoom::Known(room) => Some(room),
            ReportedRoom::Untold(_) => None,
        }
    }
}

/// As it is serialised.
impl<'de> Deserialize<'de> for ReportedRoom {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ReportedRoom, D::Error> {
        struct RoomVisitor;

        impl<'de> Visitor<'de> for RoomVisitor {
            type Value = ReportedRoom;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a room, as a record has it")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<ReportedRoom, E> {
                RoomId::deserialize(number.into_deserializer()).map(ReportedRoom::Known)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ReportedRoom, E> {
                Ok(RoomId::reported_text(text).into())
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<ReportedRoom, A::Error> {
                let untold = UntoldRoom::deserialize(MapAccessDeserializer::new(fields))?;
                Ok(ReportedRoom::Untold(untold))
            }
        }

        deserializer.deserialize_any(RoomVisitor)
    }
}

impl From<RoomId> for ReportedRoom {
    fn from(room: RoomId) -> ReportedRoom {
        ReportedRoom::Known(room)
    }
}

/// The name alone; of one that cannot be told, both fields.
impl fmt::Display for ReportedRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReportedRoom::Known(room) => room.fmt(f),
            ReportedRoom::Untold(UntoldRoom {
                room_id,
                room_id_type: Some(room_id_type),
            }) => write!(f, "RoomId {room_id} with RoomIdType {room_id_type}"),
            ReportedRoom::Untold(UntoldRoom {
                room_id,
                room_id_type: None,
            }) => write!(f, "RoomId {room_id} without RoomIdType"),
        }
    }
}

/// Printed again, to refuse signs and leading zeros: "007" is no number of the service's.
fn number(id: &str) -> Option<RoomId> {
    let room = RoomId::number(id.parse().ok()?).ok()?;
    (room.to_string() == id).then_some(room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(room_id: &str, room_id_type: Option<&str>) -> Option<ReportedRoom> {
        let raw = |json| serde_json::from_str(json).unwrap();
        ReportedRoom::read(raw(room_id), room_id_type.and_then(raw))
    }

    #[test]
    fn a_reported_room_is_never_another_room() {
        let text = ReportedRoom::Known(RoomId::reported_text("123"));
        let number = ReportedRoom::Known(RoomId::number(123).unwrap());
        assert_eq!(read("\"123\"", Some("2")), Some(text.clone()));
        assert_eq!(read("123", Some("\"2\"")), Some(text));
        assert_eq!(read("\"123\"", Some("1")), Some(number.clone()));
        assert_eq!(read("123", Some("\"1\"")), Some(number));
        for none in ["\"\"", "null"] {
            for room_id_type in [
                None,
                Some("null"),
                Some("0"),
                Some("1"),
                Some("2"),
                Some("{}"),
            ] {
                assert_eq!(read(none, room_id_type), None, "{none} {room_id_type:?}");
            }
        }
    }

    #[test]
    fn a_room_that_cannot_be_told_is_no_error_and_keeps_its_text() {
        for (room_id, room_id_type) in [
            ("\"abc\"", Some("1")),
            ("\"4294967296\"", Some("1")),
            ("\"+5\"", Some("1")),
            ("\"007\"", Some("1")),
            ("0", Some("1")),
            ("123", None),
            ("\"123\"", Some("0")),
            ("12345678901234567890123", Some("3")),
            ("{\"a\":1.50}", Some("[1]")),
        ] {
            let Some(room @ ReportedRoom::Untold(untold)) = &read(room_id, room_id_type) else {
                panic!("{room_id} {room_id_type:?}");
            };
            assert_eq!(room.known(), None);
            assert_eq!(untold.room_id.as_str(), room_id);
            assert_eq!(
                untold.room_id_type.as_ref().map(JsonText::as_str),
                room_id_type
            );
            let shown = serde_json::to_string(room).unwrap();
            let room_id_type = room_id_type.unwrap_or("null");
            assert_eq!(
                shown,
                format!(r#"{{"roomId":{room_id},"roomIdType":{room_id_type}}}"#)
            );
        }
    }
}
