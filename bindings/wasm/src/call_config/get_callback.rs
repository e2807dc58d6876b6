//! `POST /v4/call_config/get_callback`

use std::convert::identity;

use trtc_call_core::call_config::get_callback::Request;

use crate::endpoint;
use crate::error::Failure;
use crate::given::nothing;

/// Reads it out of `{}`.
pub(crate) fn read(json: &str) -> Result<Request, Failure> {
    nothing(json)?;
    Ok(Request::new())
}

/// Reads the reply.
pub(crate) fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(status, body, identity)
}
