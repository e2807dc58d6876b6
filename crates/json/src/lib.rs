//! JSON text, read and written in little code.
//!
//! A derived `Deserialize` is compiled anew for each type, and a tree of values brings numbers, maps and their
//! errors along. As WebAssembly, that is most of a module. Here values stay text: [`Json`] takes them apart
//! without generics, and [`to_text`] has one serialiser.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod long_integers;
mod raw;
mod scan;
mod string;
mod text;
mod value;
mod write;

pub use raw::serialize_raw;
pub use scan::SyntaxError;
pub use text::JsonText;
pub use value::{Json, Members};
pub use write::{push_string, to_javascript, to_text};
