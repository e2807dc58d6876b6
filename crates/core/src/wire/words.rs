//! Words and numbers of the service that will become more: what is unknown is data.

/// An enum of the service's words that keeps a word it does not know. Parsing ignores case, and takes
/// every spelling that is published: the first one listed is the one that is written.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal $(| $spelling:literal)*),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A word this library does not know, as it arrived.
            Unknown(String),
        }

        impl $name {
            /// The words this library knows.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The service's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)*
                    $name::Unknown(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> $name {
                $(
                    if crate::wire::is_any_of(word, &[$word $(, $spelling)*]) {
                        return $name::$variant;
                    }
                )*
                $name::Unknown(word.to_owned())
            }
        }

        impl From<crate::wire::Text> for $name {
            fn from(crate::wire::Text(word): crate::wire::Text) -> $name {
                word.as_str().into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "openapi")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": $name::WORDS })
            }
        }
    };
}

pub(crate) use open_enum;

/// Reads words as the service's replies are read: one that is unknown is data.
macro_rules! read_any_word {
    ($($name:ty),+ $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                crate::stored::text(deserializer)
            }
        }
    )+};
}

pub(crate) use read_any_word;

/// Whether `word` is one of the `spellings`, whatever its case.
pub(crate) fn is_any_of(word: &str, spellings: &[&str]) -> bool {
    spellings
        .iter()
        .any(|spelling| word.eq_ignore_ascii_case(spelling))
}

/// An enum of the service's numbers that keeps a number it does not know.
macro_rules! open_code {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A number this library does not know.
            Unknown(i64),
        }

        impl $name {
            /// The numbers this library knows.
            pub const CODES: &'static [i64] = &[$($code),*];

            /// The service's number.
            #[must_use]
            pub fn code(self) -> i64 {
                match self {
                    $($name::$variant => $code,)*
                    $name::Unknown(code) => code,
                }
            }
        }

        impl From<i64> for $name {
            fn from(code: i64) -> $name {
                match code {
                    $($code => $name::$variant,)*
                    other => $name::Unknown(other),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.code())
            }
        }

        #[cfg(feature = "openapi")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "integer", "enum": $name::CODES })
            }
        }
    };
}

pub(crate) use open_code;
