//! The cloud API: stream ingest and rooms.

mod account;
mod action;
pub mod room;
pub mod stream_ingest;
pub mod tc3;

pub use account::CloudAccount;
pub(crate) use action::http_request;
pub use action::{build, parse};

use crate::error::Failure;
use crate::given::Object;

/// Reads the JSON text of a request.
fn request(json: &str) -> Result<Object<'_>, Failure> {
    Ok(Object::read("request", json)?)
}
