//! `call_config`

pub mod delete_callback;
pub mod get_callback;
pub mod set_callback;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint::http_request;
use crate::error::Failure;

/// Builds the request to a command of this service as [`lines`](crate::endpoint).
#[wasm_bindgen(js_name = buildCallConfig)]
pub fn build(
    account: &Account,
    command: &str,
    random: u32,
    request: &str,
) -> Result<String, Failure> {
    Ok(match command {
        "set_callback" => http_request(account, random, &set_callback::read(request)?),
        "get_callback" => http_request(account, random, &get_callback::read(request)?),
        _ => http_request(account, random, &delete_callback::read(request)?),
    })
}

/// Reads the reply to a command: the JSON text of what it says, the `requestId` among it.
#[wasm_bindgen(js_name = parseCallConfig)]
pub fn parse(command: &str, status: u16, body: &[u8]) -> Result<String, Failure> {
    match command {
        "set_callback" => set_callback::parse(status, body),
        "get_callback" => get_callback::parse(status, body),
        _ => delete_callback::parse(status, body),
    }
}
