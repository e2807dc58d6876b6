//! `POST /v4/call_record_http_srv/get_record_by_callid`

use serde::Serialize;
use trtc_call_core::CallRecord;
use trtc_call_core::call_record::get_record_by_callid::{Request, Response};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint;
use crate::error::Failure;
use crate::given::only_call_id;

/// Builds it out of `{ callId }`.
#[wasm_bindgen(js_name = buildGetRecordByCallid)]
pub fn build(
    account: &Account,
    user_sig: String,
    random: u32,
    request: &str,
) -> Result<String, Failure> {
    let request = Request::new(only_call_id(request)?);
    Ok(endpoint::http_request(account, user_sig, random, &request))
}

/// Reads the reply.
#[wasm_bindgen(js_name = parseGetRecordByCallid)]
pub fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
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
