//! The cloud API: stream ingest and rooms.

mod account;
mod action;
pub mod room;
pub mod stream_ingest;
pub mod tc3;

pub use account::CloudAccount;
pub use action::{build, parse};
pub(crate) use action::{explained, http_request};
