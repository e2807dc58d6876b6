//! The list of records, page by page, and as a file.

use serde::Serialize;
use trtc_call_core::call_record::get_record_by_filter::{ListedRecord, Request};
use trtc_call_core::call_record::{Pages, csv};
use trtc_call_core::{Endpoint as _, JsonText};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Thrown;
use crate::account::Account;
use crate::commands::random_number;
use crate::exact::to_js;
use crate::failure::Failure;
use crate::{given, http};

/// The lines of `{ records }`, which are as [`RecordPages`] and the replies show them.
#[wasm_bindgen(js_name = recordsToCsv)]
pub fn records_to_csv(records: &JsValue) -> Result<String, Failure> {
    let records = given::read_with("request", records, |given| given.list_of("records"))?;
    Ok(csv::table(&records))
}

/// Says what to send next, and takes what came back.
#[wasm_bindgen]
pub struct RecordPages(Pages);

#[wasm_bindgen]
impl RecordPages {
    /// Begins with the page that the filter asks for; it is that of `get_record_by_filter`.
    #[wasm_bindgen(constructor)]
    pub fn new(filter: &JsValue) -> Result<RecordPages, Failure> {
        Ok(RecordPages(Pages::new(given::read(filter, false)?)))
    }

    /// Builds the next request; `undefined` after the end.
    pub fn build(&self, account: &Account) -> Thrown<JsValue> {
        match self.0.next_request() {
            Some(request) => {
                http::message(&request.http_request(&account.access(), random_number(None)?))
            }
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Whether the list is at its end: the last page came, or a failure that would only come again.
    #[wasm_bindgen(js_name = isOver)]
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.next_request().is_none()
    }

    /// Takes what came back: `{ total, records, unreadable }`. A failure that may pass keeps the place.
    pub fn read(&mut self, status: u16, body: &[u8]) -> Thrown<JsValue> {
        let taken = self.0.take(Request::parse(status, body));
        let records = taken.map_err(|error| Failure::new(Request::COMMAND.repeat, error))?;
        Ok(to_js(&Page {
            total: self.0.total(),
            records: records.iter().map(ListedRecord::of).collect(),
            unreadable: self.0.take_unreadable(),
        })?)
    }

    /// The failure that no reply came; `how` is the code of a transport error.
    #[must_use]
    pub fn lost(&self, how: &str, message: &str) -> Failure {
        Failure::no_reply(Request::COMMAND.repeat, how, message)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    total: Option<u64>,
    records: Vec<ListedRecord<'a>>,
    unreadable: Vec<JsonText>,
}
