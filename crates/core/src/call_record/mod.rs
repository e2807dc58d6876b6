//! `call_record_http_srv`: what became of past calls.

pub mod csv;
pub mod get_record_by_callid;
pub mod get_record_by_filter;
mod pages;
mod record;

pub use pages::Pages;
pub(crate) use record::WireRecord;
pub use record::{CallRecord, CallResult, CallType};

const SERVICE: &str = "call_record_http_srv";
