//! `POST /v4/call_engine_http_srv/end_call`

use std::convert::identity;

use trtc_call_core::call_engine::end_call::Request;

use crate::endpoint;
use crate::error::Failure;
use crate::given::only_call_id;

/// Reads it out of `{ callId }`.
pub(crate) fn read(json: &str) -> Result<Request, Failure> {
    Ok(Request::new(only_call_id(json)?))
}

/// Reads the reply.
pub(crate) fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(status, body, identity)
}
