//! Core's figures for JavaScript's client.

use serde::Serialize;
use trtc_call_core::{Action, Command, RetryPolicy, client_defaults};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::exact::to_js;

/// Times are in milliseconds, but for UserSigs, where they are in seconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Defaults {
    timeout: u64,
    min_timeout: u64,
    user_sig_lifetime: u64,
    min_user_sig_lifetime: u64,
    user_sig_reserve_divisor: u32,
    burst_divisor: u32,
    max_reply_bytes: usize,
    commands_per_second: u32,
    actions_per_second: u32,
    retry_policy: Policy,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    max_attempts: u32,
    base_delay: u64,
    max_delay: u64,
}

/// What a client does unless told otherwise, in an object.
#[wasm_bindgen(js_name = clientDefaults)]
pub fn client_defaults() -> Thrown<JsValue> {
    let RetryPolicy {
        max_attempts,
        base_delay,
        max_delay,
        ..
    } = RetryPolicy::default();
    Ok(to_js(&Defaults {
        timeout: client_defaults::TIMEOUT.as_millis() as u64,
        min_timeout: client_defaults::MIN_TIMEOUT.as_millis() as u64,
        user_sig_lifetime: client_defaults::USER_SIG_LIFETIME.as_secs(),
        min_user_sig_lifetime: client_defaults::MIN_USER_SIG_LIFETIME.as_secs(),
        user_sig_reserve_divisor: client_defaults::USER_SIG_RESERVE_DIVISOR,
        burst_divisor: client_defaults::BURST_DIVISOR,
        max_reply_bytes: client_defaults::MAX_REPLY_BYTES,
        commands_per_second: Command::REQUESTS_PER_SECOND,
        actions_per_second: Action::REQUESTS_PER_SECOND,
        retry_policy: Policy {
            max_attempts,
            base_delay: base_delay.as_millis() as u64,
            max_delay: max_delay.as_millis() as u64,
        },
    })?)
}
