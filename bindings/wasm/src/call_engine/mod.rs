//! `call_engine_http_srv`

pub mod end_call;
pub mod get_call_info;
pub mod start_call_by_robot;
