//! `POST /` with `X-TC-Action: DismissRoom`
//!
//! Removes everybody from a numeric room, which ends with it.
//! <https://trtc.io/document/34269>

use super::Response;
use crate::RoomNumber;
use crate::cloud::{Action, CloudAccess, CloudEndpoint, CloudResponse};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Properties};

/// Dismisses one numeric room. Made by [`dismiss`](super::dismiss).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(super) room: RoomNumber,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "DismissRoom",
        Repeat::Harmless,
        34269,
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
        body.integer("RoomId", self.room.get().into());
        body.finish()
    }

    fn read_response(_: &CloudResponse<'_>) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}

/// `{ room }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        super::number_given(input).map(|room| Request { room })
    }
}
