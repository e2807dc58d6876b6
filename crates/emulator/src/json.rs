//! The JSON text of what derives `Serialize`.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// A value's JSON, with its fields in their order. Within other JSON it is written as it is.
#[cfg_attr(
    not(test),
    expect(clippy::expect_used, reason = "cannot fail, as the text says")
)]
pub(crate) fn json(value: &(impl ?Sized + Serialize)) -> Box<RawValue> {
    to_raw_value(value).expect("strings, numbers and maps with string keys are JSON")
}
