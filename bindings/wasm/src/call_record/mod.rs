//! `call_record_http_srv`

pub mod get_record_by_callid;
pub mod get_record_by_filter;
pub mod pages;
