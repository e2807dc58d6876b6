//! `POST /v4/call_config/get_callback`

use std::convert::identity;

use trtc_call_core::call_config::get_callback::Request;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint;
use crate::error::Failure;
use crate::given::nothing;

/// Builds it out of `{}`.
#[wasm_bindgen(js_name = buildGetCallback)]
pub fn build(
    account: &Account,
    user_sig: String,
    random: u32,
    request: &str,
) -> Result<String, Failure> {
    nothing(request)?;
    let request = Request::new();
    Ok(endpoint::http_request(account, user_sig, random, &request))
}

/// Reads the reply.
#[wasm_bindgen(js_name = parseGetCallback)]
pub fn parse(status: u16, body: &[u8]) -> Result<String, Failure> {
    endpoint::reply::<Request, _>(status, body, identity)
}
