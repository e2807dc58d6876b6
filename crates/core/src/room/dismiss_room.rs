//! `POST /` with `X-TC-Action: DismissRoom`
//!
//! Removes everybody from a numeric room, which ends with it.
//! <https://trtc.io/document/34269>

use serde::Serialize;
use serde_json::value::RawValue;

use super::Response;
use crate::RoomNumber;
use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Properties};

/// Dismisses one numeric room. Made by [`dismiss`](super::dismiss).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    #[serde(rename = "RoomId")]
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
        access.body(self)
    }

    fn read_response(_: &RawValue) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}

/// `{ room }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        super::number_given(input).map(|room| Request { room })
    }
}
