//! `call_record_http_srv`: what became of past calls.

pub mod get_record_by_callid;
mod record;

pub use record::{CallRecord, CallResult, CallType};

const SERVICE: &str = "call_record_http_srv";
