//! How actions name rooms.

use trtc_call_core::IngestRoomIdCoding;

use crate::Room;
use crate::command::{is_numeric_room, is_string_room};
use crate::field::{FieldError, Fields};

const NUMERIC: i64 = 1;
const STRING: i64 = 2;

/// Reads a request's room.
pub(super) type RoomName = fn(Fields<'_>) -> Result<Room, FieldError>;

/// The room of `DismissRoom` and `RemoveUser`.
pub(super) fn by_number(request: Fields<'_>) -> Result<Room, FieldError> {
    let number = request.integer("RoomId", &(1..=4_294_967_294))?;
    Ok(Room {
        id: number.to_string(),
        id_type: NUMERIC,
    })
}

/// The room of their twins for string rooms.
pub(super) fn by_text(request: Fields<'_>) -> Result<Room, FieldError> {
    room(request, STRING)
}

/// The room of an ingest: `RoomId`, and `RoomIdType` as the account codes it.
pub(super) fn by_type(request: Fields<'_>, coding: IngestRoomIdCoding) -> Result<Room, FieldError> {
    let code = request.integer("RoomIdType", &(0..=1))?;
    let numeric = i64::from(coding == IngestRoomIdCoding::NumericOne);
    room(request, if code == numeric { NUMERIC } else { STRING })
}

fn room(request: Fields<'_>, id_type: i64) -> Result<Room, FieldError> {
    let id = request.string("RoomId")?;
    let (is_valid, rule) = if id_type == NUMERIC {
        let rule = "must be a decimal number from 1 to 4294967294: RoomIdType says numeric";
        (is_numeric_room(id), rule)
    } else {
        let rule = "must be 1 to 64 of the 89 characters of string rooms";
        (is_string_room(id), rule)
    };
    if !is_valid {
        return Err(request.error("RoomId", rule));
    }
    Ok(Room {
        id: id.to_owned(),
        id_type,
    })
}
