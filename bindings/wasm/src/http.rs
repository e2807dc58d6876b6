//! Requests as data.

use std::collections::BTreeMap;

use serde::Serialize;
use trtc_call_core::HttpRequest;
use wasm_bindgen::JsValue;

use crate::Thrown;
use crate::exact::to_js;

#[derive(Serialize)]
struct Message<'a> {
    method: &'a str,
    url: &'a str,
    headers: BTreeMap<&'a str, &'a str>,
    body: &'a str,
}

/// `{ method, url, headers, body }`.
pub(crate) fn message(http: &HttpRequest) -> Thrown<JsValue> {
    let headers = http.headers.iter();
    Ok(to_js(&Message {
        method: http.method,
        url: &http.url,
        headers: headers
            .map(|(name, value)| (*name, value.as_str()))
            .collect(),
        body: &http.body,
    })?)
}
