//! `trtc-call-core` for JavaScript: conversions only.
//!
//! Files are named as in core. Objects come in and go out as JSON text; what JavaScript gave is
//! checked by core's own types (`given`); every failure is thrown as an [`error::Failure`].

pub mod account;
pub mod call_config;
pub mod call_engine;
pub mod call_record;
pub mod call_session;
pub mod client_defaults;
pub mod cloud;
pub mod endpoint;
pub mod error;
pub mod error_code;
mod given;
pub mod ingest_webhook;
mod optional;
pub mod private_map_key;
mod problems;
pub mod retry;
pub mod usersig;
pub mod webhook;
