//! `POST /` with `X-TC-Action: RemoveUser`
//!
//! Removes users from a numeric room.
//! <https://trtc.io/document/34268>

use super::Response;
use crate::cloud::{Action, CloudAccess, CloudEndpoint, CloudResponse};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Properties};
use crate::{RoomNumber, UserId};

/// Removes users from one numeric room. Made by [`remove`](super::remove).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) room: RoomNumber,
    pub(super) users: Vec<UserId>,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "RemoveUser",
        Repeat::Harmless,
        34268,
        &["SdkAppId", "RoomId", "UserIds"],
    );
}

impl CloudEndpoint for Request {
    type Response = Response;

    fn action(&self) -> Action {
        Request::ACTION
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        let mut body = access.object();
        body.integer("RoomId", self.room.get().into());
        body.texts("UserIds", self.users.iter().map(UserId::as_str));
        body.finish()
    }

    fn read_response(_: &CloudResponse<'_>) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}

/// `{ room, users }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        let room = super::number_given(input);
        let users = super::users::given(input);
        Some(Request {
            room: room?,
            users: users?,
        })
    }
}
