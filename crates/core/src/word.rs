//! Enums as words: what programs read stands once, in the method that tells it.

/// Serialises each enum as the word that the method gives.
macro_rules! serialize_as_word {
    ($($name:ident by $word:ident),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$word())
            }
        }
    )+};
}

pub(crate) use serialize_as_word;

#[cfg(test)]
mod tests {
    use crate::{ParseErrorKind, TransportErrorKind};

    #[test]
    fn an_enum_is_serialised_as_the_word_that_its_method_gives() {
        for kind in [TransportErrorKind::Connect, TransportErrorKind::Interrupted] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        for kind in [ParseErrorKind::NotJson, ParseErrorKind::HttpStatus] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }
}
