//! A switch that travels as 0 or 1. `true` and `false` are read too.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serializer};

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

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Flag {
        Switch(bool),
        Number(i64),
    }
    match Option::<Flag>::deserialize(deserializer) {
        Ok(None) => Ok(None),
        Ok(Some(Flag::Switch(flag))) => Ok(Some(flag)),
        Ok(Some(Flag::Number(0))) => Ok(Some(false)),
        Ok(Some(Flag::Number(1))) => Ok(Some(true)),
        Ok(Some(Flag::Number(_))) | Err(_) => Err(D::Error::custom("expected 0, 1, true or false")),
    }
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
