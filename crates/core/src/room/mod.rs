//! Rooms: dismissed, and users removed from them.
//!
//! Numeric and string rooms have actions of their own. [`dismiss`] and [`remove`] pick the right one:
//!
//! ```
//! use trtc_call_core::{CloudEndpoint as _, RoomId, room};
//!
//! let (number, text) = (RoomId::number(123)?, RoomId::text("123")?);
//! assert_eq!(room::dismiss(&number).action().name, "DismissRoom");
//! assert_eq!(room::dismiss(&text).action().name, "DismissRoomByStrRoomId");
//! assert_eq!(room::remove(&text, ["jack"]).unwrap().action().name, "RemoveUserByStrRoomId");
//! # Ok::<(), trtc_call_core::Problem>(())
//! ```

pub mod dismiss_room;
pub mod dismiss_room_by_str_room_id;
pub mod remove_user;
pub mod remove_user_by_str_room_id;
mod users;

pub use users::MAX_USERS;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::PayloadError;
use crate::input::Properties;
use crate::{InvalidRequest, Problem, ProblemCode, RoomId, RoomNumber, TextRoomId, UserId};

/// Removes everybody from `room`, which ends with it.
#[must_use]
pub fn dismiss(room: &RoomId) -> Dismiss {
    match room {
        RoomId::Number(number) => Dismiss::Number(dismiss_room::Request { room: *number }),
        RoomId::Text(text) => {
            Dismiss::Text(dismiss_room_by_str_room_id::Request { room: text.clone() })
        }
    }
}

/// Removes `users`, 1 to 10, from `room`. An ingest task whose user is removed ends.
///
/// # Errors
/// If there are none or more than 10, one stands there twice, or one is no UserID.
pub fn remove<U>(
    room: &RoomId,
    users: impl IntoIterator<Item = U>,
) -> Result<Remove, InvalidRequest>
where
    U: TryInto<UserId, Error: Into<Problem>>,
{
    let users = users::check(users)?;
    Ok(match room {
        RoomId::Number(number) => Remove::Number(remove_user::Request {
            room: *number,
            users,
        }),
        RoomId::Text(text) => Remove::Text(remove_user_by_str_room_id::Request {
            room: text.clone(),
            users,
        }),
    })
}

/// Dismisses a room of either kind. Made by [`dismiss`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dismiss {
    /// A numeric room.
    Number(dismiss_room::Request),
    /// A string room.
    Text(dismiss_room_by_str_room_id::Request),
}

/// Removes users from a room of either kind. Made by [`remove`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remove {
    /// A numeric room.
    Number(remove_user::Request),
    /// A string room.
    Text(remove_user_by_str_room_id::Request),
}

/// The `room` that a user gave to an action of numeric rooms.
fn number_given(input: &mut Properties<'_>) -> Option<RoomNumber> {
    input.required("room", |given| match given.room()? {
        RoomId::Number(number) => Ok(number),
        RoomId::Text(_) => Err(other_kind()),
    })
}

/// The `room` that a user gave to an action of string rooms.
fn text_given(input: &mut Properties<'_>) -> Option<TextRoomId> {
    input.required("room", |given| match given.room()? {
        RoomId::Text(text) => Ok(text),
        RoomId::Number(_) => Err(other_kind()),
    })
}

fn other_kind() -> Problem {
    Problem::new(
        "room",
        "is not of the kind that this action takes",
        "use a number for a numeric room, and the action ByStrRoomId for a string room",
    )
    .coded(ProblemCode::WrongRoomKind)
}

/// The service has nothing more to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Response {}

impl CloudEndpoint for Dismiss {
    type Response = Response;

    fn action(&self) -> Action {
        match self {
            Dismiss::Number(request) => request.action(),
            Dismiss::Text(request) => request.action(),
        }
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        match self {
            Dismiss::Number(request) => request.body(access),
            Dismiss::Text(request) => request.body(access),
        }
    }

    fn read_response(_: &RawValue) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}

impl CloudEndpoint for Remove {
    type Response = Response;

    fn action(&self) -> Action {
        match self {
            Remove::Number(request) => request.action(),
            Remove::Text(request) => request.action(),
        }
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        match self {
            Remove::Number(request) => request.body(access),
            Remove::Text(request) => request.body(access),
        }
    }

    fn read_response(_: &RawValue) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}
