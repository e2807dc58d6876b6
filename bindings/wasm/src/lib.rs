//! `trtc-call-core` for JavaScript: conversions only.
//!
//! What JavaScript gives is read by core's own reader of input (`given`); what it gets are plain objects (`exact`)
//! and handles: of a request that was built, of a delivery that was verified, of a failure. Every failure is thrown
//! as a [`failure::Failure`].

pub mod account;
pub mod call_session;
pub mod client_defaults;
pub mod cloud;
pub mod commands;
mod exact;
pub mod failure;
mod given;
pub mod http;
pub mod ingest_webhook;
pub mod private_map_key;
pub mod records;
pub mod ring_ledger;
pub mod usersig;
pub mod webhook;

use wasm_bindgen::JsValue;

/// What is thrown is a [`failure::Failure`], or the complaint of a serializer that cannot happen.
pub(crate) type Thrown<T> = Result<T, JsValue>;
