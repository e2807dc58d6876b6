//! `call_engine_http_srv`

pub mod end_call;
pub mod get_call_info;
pub mod start_call_by_robot;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint::http_request;
use crate::error::Failure;

/// The commands of this service.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum CallEngineCommand {
    /// [`start_call_by_robot`]
    StartCallByRobot,
    /// [`get_call_info`]
    GetCallInfo,
    /// [`end_call`]
    EndCall,
}

/// Builds the request to a command of this service as [`lines`](crate::endpoint).
#[wasm_bindgen(js_name = buildCallEngine)]
pub fn build(
    account: &Account,
    command: CallEngineCommand,
    random: u32,
    request: &str,
) -> Result<String, Failure> {
    Ok(match command {
        CallEngineCommand::StartCallByRobot => http_request(
            account,
            random,
            &start_call_by_robot::read(request, account.allow_any_user_id)?,
        ),
        CallEngineCommand::GetCallInfo => {
            http_request(account, random, &get_call_info::read(request)?)
        }
        CallEngineCommand::EndCall => http_request(account, random, &end_call::read(request)?),
    })
}

/// Reads the reply to a command: the JSON text of what it says, the `requestId` among it.
#[wasm_bindgen(js_name = parseCallEngine)]
pub fn parse(command: CallEngineCommand, status: u16, body: &[u8]) -> Result<String, Failure> {
    match command {
        CallEngineCommand::StartCallByRobot => start_call_by_robot::parse(status, body),
        CallEngineCommand::GetCallInfo => get_call_info::parse(status, body),
        CallEngineCommand::EndCall => end_call::parse(status, body),
    }
}
