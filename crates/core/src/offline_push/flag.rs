//! A switch that travels as 0 or 1.

use serde::Serializer;

#[expect(
    clippy::ref_option,
    reason = "the signature that serde's `with` asks for"
)]
pub(super) fn serialize<S: Serializer>(
    flag: &Option<bool>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(u8::from(*flag == Some(true)))
}

/// 0 or 1.
#[cfg(feature = "openapi")]
pub(super) fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "integer", "enum": [0, 1] })
}

/// For a switch that can only be turned on.
#[cfg(feature = "openapi")]
pub(super) fn on_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "integer", "const": 1 })
}

/// Whether there is nothing to send: the service documents no 0 for these.
#[expect(
    clippy::ref_option,
    reason = "the signature that serde's `skip_serializing_if` asks for"
)]
pub(super) fn is_off(flag: &Option<bool>) -> bool {
    *flag != Some(true)
}
