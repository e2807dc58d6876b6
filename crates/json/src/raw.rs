use serde::ser::{SerializeStruct as _, Serializer};

/// The name by which serde_json knows its `RawValue`, whose text it writes as it is. It is no part of
/// serde_json's documentation; a test fails should it change.
pub(crate) const RAW: &str = "$serde_json::private::RawValue";

/// Serialises well-formed JSON text as the value that it is: with serde_json and with [`to_text`](crate::to_text).
/// Other serialisers see a struct whose one field is the text.
///
/// # Errors
/// The serialiser's own.
pub fn serialize_raw<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut raw = serializer.serialize_struct(RAW, 1)?;
    raw.serialize_field(RAW, text)?;
    raw.end()
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    struct Raw(&'static str);

    impl Serialize for Raw {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            super::serialize_raw(self.0, serializer)
        }
    }

    #[test]
    fn raw_text_is_written_as_it_is_by_this_crate_and_by_serde_json() {
        let raw = [
            Raw(r#"{"n":12345678901234567890.10}"#),
            Raw("123456789012345678901"),
        ];
        let expected = r#"[{"n":12345678901234567890.10},123456789012345678901]"#;
        assert_eq!(crate::to_text(&raw), expected);
        assert_eq!(serde_json::to_string(&raw).unwrap(), expected);
        let long = Raw("[9007199254740993,1.5]");
        assert_eq!(crate::to_javascript(&long), r#"["9007199254740993",1.5]"#);
    }
}
