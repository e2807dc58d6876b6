//! `POST /` with `X-TC-Action: RemoveUserByStrRoomId`
//!
//! Removes users from a string room.
//! <https://trtc.io/document/39630>

use super::Response;
use crate::cloud::{Action, CloudAccess, CloudEndpoint, CloudResponse};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Properties};
use crate::{TextRoomId, UserId};

/// Removes users from one string room. Made by [`remove`](super::remove).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) room: TextRoomId,
    pub(super) users: Vec<UserId>,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "RemoveUserByStrRoomId",
        Repeat::Harmless,
        39630,
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
        body.text("RoomId", self.room.as_str());
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
        let room = super::text_given(input);
        let users = super::users::given(input);
        Some(Request {
            room: room?,
            users: users?,
        })
    }
}
