//! The reader of everything that the service sends: replies, webhooks, tokens.
//!
//! What arrives is read by derived structs. A derived `Deserialize` on serde_json alone would lose what users of this
//! library are told: where a field stands that is wrong, what is wrong with it as a kind, and what is unknown. So
//! the structs are read by way of [`read`], which lets serde_json find every value and adds those. Its rules are the
//! same for everything that is received:
//!
//! - `null` is a field that is missing;
//! - what the reader can do without ([`Said`], [`Items`]) may be missing or of any type, and is then kept as if it
//!   were unknown;
//! - a name that is read stands in its object once;
//! - an object is an object, where serde would take a list for it, too;
//! - what is unknown is passed over, or kept ([`read_and_keep`]).

mod error;
mod reader;
mod values;
mod words;

pub(crate) use error::{FieldError, FieldErrorKind};
pub(crate) use reader::{OtherFields, read, read_and_keep};
pub(crate) use values::{
    Count, Integer, Items, List, Name, Said, Text, digits_or_text, optional, text,
};
pub(crate) use words::{is_any_of, open_code, open_enum, read_any_word};
