//! What all commands have in common on their way to and from JavaScript.

use serde::Serialize;
use trtc_call_core::{Action, Command, Endpoint, HttpRequest};
use trtc_call_json::{push_string, to_javascript};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::account::Account;
use crate::error::Failure;

/// The names of all commands and actions, a line each, for the test that JavaScript has them all.
#[wasm_bindgen]
pub fn names() -> String {
    let commands = Command::ALL.iter().map(|command| command.name);
    let actions = Action::ALL.iter().map(|action| action.name);
    commands.chain(actions).collect::<Vec<_>>().join("\n")
}

/// The HTTP request as [`lines`].
pub(crate) fn http_request<E: Endpoint>(account: &Account, random: u32, request: &E) -> String {
    lines(&request.http_request(&account.access(), random))
}

/// The HTTP request, a line each: method, URL, body, and then the headers' names and values by turns. URL
/// and JSON hold no line breaks, and one string crosses sooner than many.
pub(crate) fn lines(http: &HttpRequest) -> String {
    let mut lines = Vec::with_capacity(16);
    lines.extend([http.method, &http.url, &http.body]);
    for (name, value) in &http.headers {
        lines.extend([*name, value.as_str()]);
    }
    // Each line ends with a line break.
    lines.push("");
    lines.join("\n")
}

/// The reply as the JSON text of what `convert` makes of the response, an object, with its `requestId`.
pub(crate) fn reply<E: Endpoint, T: Serialize>(
    status: u16,
    body: &[u8],
    convert: impl FnOnce(E::Response) -> T,
) -> Result<String, Failure> {
    match E::parse(status, body) {
        Ok(reply) => Ok(reply_text(&reply.request_id, &convert(reply.response))),
        Err(error) => Err(Failure::new(E::COMMAND.repeat, error)),
    }
}

/// The JSON text of the response, an object, with its `requestId`.
pub(crate) fn reply_text<T: Serialize>(request_id: &str, response: &T) -> String {
    with_request_id(to_javascript(response), request_id)
}

fn with_request_id(mut object: String, request_id: &str) -> String {
    object.pop();
    object.push_str(match object.as_str() {
        "{" => "\"requestId\":",
        _ => ",\"requestId\":",
    });
    push_string(&mut object, request_id);
    object.push('}');
    object
}
