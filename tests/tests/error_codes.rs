//! The catalogues of error codes against tables made by hand out of the vendor's pages.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use trtc_call_core::{CloudErrorCode, Effect, ErrorCode};

#[derive(Deserialize)]
struct Row<C> {
    code: C,
    effect: String,
    page: String,
}

/// Effect and page by code.
type Table<C> = BTreeMap<C, (String, String)>;

fn table<C: DeserializeOwned + Ord>(name: &str) -> Table<C> {
    let path = format!("{}/vectors/error_codes/{name}", env!("CARGO_MANIFEST_DIR"));
    let rows: Vec<Row<C>> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let count = rows.len();
    let table: Table<C> = rows
        .into_iter()
        .map(|row| (row.code, (row.effect, row.page)))
        .collect();
    assert_eq!(table.len(), count, "a code stands there twice");
    table
}

fn word(effect: Effect) -> String {
    let word = serde_json::to_value(effect).unwrap();
    word.as_str().unwrap().to_owned()
}

#[test]
fn every_code_of_calls_has_the_effect_that_the_vendors_page_gives_it() {
    let catalogue: Table<i64> = ErrorCode::catalogue()
        .iter()
        .map(|entry| (entry.code.0, (word(entry.effect), entry.page.to_owned())))
        .collect();
    assert_eq!(catalogue, table("call.json"));
}

#[test]
fn every_code_of_the_cloud_api_has_the_effect_that_the_vendors_page_gives_it() {
    let catalogue: Table<String> = CloudErrorCode::catalogue()
        .iter()
        .map(|entry| {
            let known = (word(entry.effect), entry.page.to_owned());
            (entry.code.to_owned(), known)
        })
        .collect();
    assert_eq!(catalogue, table("cloud.json"));
}
