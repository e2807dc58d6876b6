//! `call_config`

pub mod delete_callback;
pub mod get_callback;
pub mod set_callback;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::endpoint::http_request;
use crate::error::Failure;

/// The commands of this service.
#[wasm_bindgen]
#[derive(Clone, Copy)]
pub enum CallConfigCommand {
    /// [`set_callback`]
    SetCallback,
    /// [`get_callback`]
    GetCallback,
    /// [`delete_callback`]
    DeleteCallback,
}

/// Builds the request to a command of this service as [`lines`](crate::endpoint).
#[wasm_bindgen(js_name = buildCallConfig)]
pub fn build(
    account: &Account,
    command: CallConfigCommand,
    random: u32,
    request: &str,
) -> Result<String, Failure> {
    Ok(match command {
        CallConfigCommand::SetCallback => {
            http_request(account, random, &set_callback::read(request)?)
        }
        CallConfigCommand::GetCallback => {
            http_request(account, random, &get_callback::read(request)?)
        }
        CallConfigCommand::DeleteCallback => {
            http_request(account, random, &delete_callback::read(request)?)
        }
    })
}

/// Reads the reply to a command: the JSON text of what it says, the `requestId` among it.
#[wasm_bindgen(js_name = parseCallConfig)]
pub fn parse(command: CallConfigCommand, status: u16, body: &[u8]) -> Result<String, Failure> {
    match command {
        CallConfigCommand::SetCallback => set_callback::parse(status, body),
        CallConfigCommand::GetCallback => get_callback::parse(status, body),
        CallConfigCommand::DeleteCallback => delete_callback::parse(status, body),
    }
}
