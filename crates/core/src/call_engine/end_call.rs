//! `POST /v4/call_engine_http_srv/end_call`
//!
//! Ends a call for all its members.
//! <https://trtc.io/document/74506>

use serde::Serialize;
use serde_json::value::RawValue;

use super::SERVICE;
use crate::CallId;
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, nothing_in_payload};
use crate::input::{FromInput, Given, Properties};

/// Ends one call. One that has ended already is answered with error 101004.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    call_id: CallId,
}

impl Request {
    /// Ends the call of that name.
    #[must_use]
    pub fn new(call_id: impl Into<CallId>) -> Request {
        let call_id = call_id.into();
        Request { call_id }
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
        name: "end_call",
        repeat: Repeat::Harmless,
        vendor_page: 74506,
        fields: &["CallId"],
    };

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        nothing_in_payload(payload)?;
        Ok(Response {})
    }
}

/// `{ callId }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        input.required("callId", Given::call_id).map(Request::new)
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::absent()
    }
}
