//! `RemoveUser` and `RemoveUserByStrRoomId`

use super::dismiss_room::{clear, no_room};
use super::room_name::RoomName;
use super::start_stream_ingest::only;
use super::{Action, Outcome, Reply, Scene, room_name};
use crate::IngestEndReason;
use crate::field::Fields;

pub(super) const BY_NUMBER: Action = Action {
    name: "RemoveUser",
    serve: |request, scene| remove(request, room_name::by_number, scene),
};

pub(super) const BY_TEXT: Action = Action {
    name: "RemoveUserByStrRoomId",
    serve: |request, scene| remove(request, room_name::by_text, scene),
};

const FIELDS: &[&str] = &["SdkAppId", "RoomId", "UserIds"];
const MAX_USERS: usize = 10;

fn remove(request: Fields<'_>, room: RoomName, scene: &mut Scene<'_>) -> Outcome {
    only(request, FIELDS)?;
    scene.check_app(request)?;
    let room = room(request)?;
    let users = request.accounts("UserIds", scene.rules.account_rule)?;
    if users.is_empty() || users.len() > MAX_USERS {
        return Err(request.error("UserIds", "must name 1 to 10 users").into());
    }
    if scene.exchange.rooms().users(&room).is_empty() {
        return Err(no_room());
    }
    for user in users {
        clear(&room, Some(user), IngestEndReason::RobotRemoved, scene)?;
    }
    Ok(Reply::default())
}
