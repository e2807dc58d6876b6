//! `call_record_http_srv`

pub mod get_record_by_callid;
pub mod get_record_by_filter;
pub mod pages;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint::http_request;
use crate::error::Failure;

/// The commands of this service.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum CallRecordCommand {
    /// [`get_record_by_callid`]
    GetRecordByCallid,
    /// [`get_record_by_filter`]
    GetRecordByFilter,
}

/// Builds the request to a command of this service as [`lines`](crate::endpoint).
#[wasm_bindgen(js_name = buildCallRecord)]
pub fn build(
    account: &Account,
    command: CallRecordCommand,
    random: u32,
    request: &str,
) -> Result<String, Failure> {
    Ok(match command {
        CallRecordCommand::GetRecordByCallid => {
            http_request(account, random, &get_record_by_callid::read(request)?)
        }
        CallRecordCommand::GetRecordByFilter => {
            http_request(account, random, &get_record_by_filter::read(request)?)
        }
    })
}

/// Reads the reply to a command: the JSON text of what it says, the `requestId` among it.
#[wasm_bindgen(js_name = parseCallRecord)]
pub fn parse(command: CallRecordCommand, status: u16, body: &[u8]) -> Result<String, Failure> {
    match command {
        CallRecordCommand::GetRecordByCallid => get_record_by_callid::parse(status, body),
        CallRecordCommand::GetRecordByFilter => get_record_by_filter::parse(status, body),
    }
}
