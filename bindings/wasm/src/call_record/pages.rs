//! The list of records, page by page.

use serde::Serialize;
use trtc_call_core::Endpoint as _;
use trtc_call_core::call_record::Pages;
use trtc_call_core::call_record::get_record_by_filter::Request;
use trtc_call_json::to_javascript;
use wasm_bindgen::prelude::wasm_bindgen;

use super::get_record_by_filter::{JsRecord, read};
use crate::account::Account;
use crate::endpoint;
use crate::error::Failure;

/// Says what to send next, and takes what came back.
#[wasm_bindgen]
pub struct RecordPages(Pages);

#[wasm_bindgen]
impl RecordPages {
    /// Begins with the page that the filter asks for; it is that of `get_record_by_filter`.
    #[wasm_bindgen(constructor)]
    pub fn new(filter: &str) -> Result<RecordPages, Failure> {
        Ok(RecordPages(Pages::new(read(filter)?)))
    }

    /// Builds the next request; `undefined` after the end.
    pub fn build(&self, account: &Account, random: u32) -> Option<String> {
        let request = self.0.next_request()?;
        Some(endpoint::http_request(account, random, request))
    }

    /// Takes what came back, as the JSON text of `{ isLast, total, records, requestId }`. A failure keeps the
    /// place.
    pub fn take(&mut self, status: u16, body: &[u8]) -> Result<String, Failure> {
        let reply = Request::parse(status, body);
        let request_id = match &reply {
            Ok(reply) => Some(reply.request_id.clone()),
            Err(error) => error.request_id().map(str::to_owned),
        };
        let records = self
            .0
            .take(reply)
            .map_err(|error| Failure::new(Request::COMMAND.repeat, error))?;
        Ok(to_javascript(&Page {
            is_last: self.0.next_request().is_none(),
            total: self.0.total(),
            records: records.into_iter().map(JsRecord::from).collect(),
            request_id,
        }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    is_last: bool,
    total: Option<u64>,
    records: Vec<JsRecord>,
    request_id: Option<String>,
}
