//! `POST /v4/call_engine_http_srv/end_call`

use std::convert::identity;

use trtc_call_core::call_engine::end_call::Request;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint;
use crate::error::Failure;
use crate::given::only_call_id;

/// Builds it out of `{ callId }`.
#[wasm_bindgen(js_name = buildEndCall)]
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
#[wasm_bindgen(js_name = parseEndCall)]
pub fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(status, body, identity)
}
