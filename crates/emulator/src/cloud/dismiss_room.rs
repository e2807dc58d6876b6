//! `DismissRoom` and `DismissRoomByStrRoomId`

use super::room_name::RoomName;
use super::start_stream_ingest::only;
use super::{Action, Outcome, Refusal, Reply, Scene, room_name};
use crate::field::Fields;
use crate::{IngestEndReason, Room};

pub(super) const BY_NUMBER: Action = Action {
    name: "DismissRoom",
    serve: |request, scene| dismiss(request, room_name::by_number, scene),
};

pub(super) const BY_TEXT: Action = Action {
    name: "DismissRoomByStrRoomId",
    serve: |request, scene| dismiss(request, room_name::by_text, scene),
};

const FIELDS: &[&str] = &["SdkAppId", "RoomId"];

fn dismiss(request: Fields<'_>, room: RoomName, scene: &mut Scene<'_>) -> Outcome {
    only(request, FIELDS)?;
    scene.check_app(request)?;
    clear(&room(request)?, None, IngestEndReason::RoomDismissed, scene)
}

/// Takes one user or everybody out of a room in which somebody is.
pub(super) fn clear(
    room: &Room,
    user: Option<&str>,
    reason: IngestEndReason,
    scene: &mut Scene<'_>,
) -> Outcome {
    if scene.exchange.rooms().users(room).is_empty() && user.is_none() {
        return Err(no_room());
    }
    scene.exchange.clear_room(room, user, scene.now);
    scene
        .studio
        .clear_room(room, user, reason, scene.exchange, scene.now);
    Ok(Reply::default())
}

pub(super) fn no_room() -> Refusal {
    let message = "RoomId: there is no such room: nobody is in it";
    Refusal::new("FailedOperation.RoomNotExist", message)
}
