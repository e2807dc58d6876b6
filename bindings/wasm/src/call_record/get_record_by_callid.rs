//! `POST /v4/call_record_http_srv/get_record_by_callid`

use serde::Serialize;
use trtc_call_core::CallRecord;
use trtc_call_core::call_record::get_record_by_callid::{Request, Response};

use crate::endpoint;
use crate::error::Failure;
use crate::given::only_call_id;

/// Reads it out of `{ callId }`.
pub(crate) fn read(json: &str) -> Result<Request, Failure> {
    Ok(Request::new(only_call_id(json)?))
}

/// Reads the reply.
pub(crate) fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(status, body, |Response { record, .. }| JsResponse {
        was_answered: record.result.was_answered(),
        record,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsResponse {
    record: CallRecord,
    was_answered: bool,
}
