//! `POST /` with `X-TC-Action: DismissRoomByStrRoomId`
//!
//! Removes everybody from a string room, which ends with it.
//! <https://trtc.io/document/39631>

use super::Response;
use crate::TextRoomId;
use crate::cloud::{Action, CloudAccess, CloudEndpoint, CloudResponse};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Properties};

/// Dismisses one string room. Made by [`dismiss`](super::dismiss).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) room: TextRoomId,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "DismissRoomByStrRoomId",
        Repeat::Harmless,
        39631,
        &["SdkAppId", "RoomId"],
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
        body.finish()
    }

    fn read_response(_: &CloudResponse<'_>) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}

/// `{ room }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        super::text_given(input).map(|room| Request { room })
    }
}
