//! What all commands have in common on their way to and from JavaScript.

use serde::Serialize;
use trtc_call_core::{Access, Command, Endpoint, HttpRequest, UserSig};
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::error::Failure;

/// The commands' names, for the test that JavaScript has them all.
#[wasm_bindgen]
pub fn commands() -> Vec<String> {
    Command::ALL.map(|command| command.name.to_owned()).to_vec()
}

/// The HTTP request as [`lines`].
pub(crate) fn http_request<E: Endpoint>(
    account: &Account,
    user_sig: String,
    random: u32,
    request: &E,
) -> String {
    let access = Access {
        region: &account.region,
        sdk_app_id: account.sdk_app_id,
        admin: &account.admin,
        user_sig: &UserSig::from_token(user_sig),
    };
    lines(&request.http_request(&access, random))
}

/// The HTTP request, a line each: method, URL, body, and then the headers' names and values by turns. URL
/// and JSON hold no line breaks, and one string crosses sooner than many.
#[inline(never)]
pub(crate) fn lines(http: &HttpRequest) -> String {
    let mut lines = vec![http.method, &http.url, &http.body];
    for (name, value) in &http.headers {
        lines.extend([*name, value.as_str()]);
    }
    lines.join("\n")
}

/// The reply as the JSON text of `{ requestId, response }`, the latter being what `convert` makes of it.
pub(crate) fn reply<E: Endpoint, T: Serialize>(
    status: u16,
    body: &[u8],
    convert: impl FnOnce(E::Response) -> T,
) -> Result<String, Failure> {
    match E::parse(status, body) {
        Ok(reply) => Ok(reply_text(&reply.request_id, convert(reply.response))),
        Err(error) => Err(Failure::new(E::COMMAND.repeat, error)),
    }
}

/// The JSON text of `{ requestId, response }`.
pub(crate) fn reply_text<T: Serialize>(request_id: &str, response: T) -> String {
    to_javascript(&JsReply {
        request_id,
        response,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsReply<'a, T> {
    request_id: &'a str,
    response: T,
}
