//! `POST /v4/call_config/delete_callback`
//!
//! Deletes the callback configuration: no more webhooks are sent. Without a configuration the service
//! answers 100301: see [`if_configured`](super::if_configured).
//! <https://trtc.io/document/68939>

use serde::Serialize;
use serde_json::value::RawValue;

use super::SERVICE;
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, nothing_in_payload};
use crate::input::{FromInput, Properties};

/// Deletes the callback configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Request {}

impl Request {
    /// Deletes the callback configuration.
    #[must_use]
    pub fn new() -> Request {
        Request {}
    }
}

/// The service has nothing more to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Response {}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "delete_callback",
        repeat: Repeat::Harmless,
        vendor_page: 68939,
        fields: &[],
    };

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        nothing_in_payload(payload)?;
        Ok(Response {})
    }
}

/// `{}`
impl FromInput for Request {
    fn from_input(_: &mut Properties<'_>) -> Option<Request> {
        Some(Request::new())
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::absent()
    }
}
