//! `POST /` with `X-TC-Action: RemoveUser`
//!
//! Removes users from a numeric room.
//! <https://trtc.io/document/34268>

use serde::Serialize;
use serde_json::value::RawValue;

use super::Response;
use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Properties};
use crate::{RoomNumber, UserId};

/// Removes users from one numeric room. Made by [`remove`](super::remove).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    #[serde(rename = "RoomId")]
    pub(super) room: RoomNumber,
    #[serde(rename = "UserIds")]
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
        access.body(self)
    }

    fn read_response(_: &RawValue) -> Result<Response, PayloadError> {
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
