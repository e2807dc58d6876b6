//! Enums as words: what programs read of them stands once.

/// An enum of this library's own words, each beside its variant: they are told, written and read.
macro_rules! word_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them, in the order in which they are listed.
            pub const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// A stable word for programs.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use word_enum;

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

/// Displays each enum as the word that the method gives.
macro_rules! display_as_word {
    ($($name:ident by $word:ident),+ $(,)?) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.$word())
            }
        }
    )+};
}

pub(crate) use display_as_word;

#[cfg(test)]
mod tests {
    use crate::call_session::{EndReason, Phase, Watch};
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

    #[test]
    fn an_enum_of_words_is_written_and_read_as_the_word_that_it_tells() {
        macro_rules! check {
            ($($name:ident),+) => {$(for value in $name::ALL {
                let json = serde_json::to_value(value).unwrap();
                assert_eq!(json, value.as_str());
                assert_eq!(serde_json::from_value::<$name>(json).unwrap(), value);
            })+};
        }
        check!(EndReason, Phase, Watch);
    }
}
