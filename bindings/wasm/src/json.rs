//! Objects on their way to JavaScript, as JSON text.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// The largest integer that every JavaScript number around it can be told from: 2^53 - 1.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The JSON text of `value`. Integers that `JSON.parse` would round are written as strings.
pub(crate) fn to_text(value: &impl Serialize) -> String {
    let mut text = Vec::with_capacity(256);
    // Writing to a Vec cannot fail, and what is written here are structs of strings and numbers.
    let written = value.serialize(&mut Serializer::with_formatter(&mut text, ExactIntegers));
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(text).unwrap_or_default()
}

struct ExactIntegers;

impl Formatter for ExactIntegers {
    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, value: u64) -> io::Result<()> {
        if value > MAX_SAFE_INTEGER {
            write!(writer, "\"{value}\"")
        } else {
            write!(writer, "{value}")
        }
    }

    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, value: i64) -> io::Result<()> {
        if value.unsigned_abs() > MAX_SAFE_INTEGER {
            write!(writer, "\"{value}\"")
        } else {
            write!(writer, "{value}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_beyond_2_to_the_53_are_exact_strings() {
        let numbers = [9_007_199_254_740_991_u64, 9_007_199_254_740_992, u64::MAX];
        assert_eq!(
            to_text(&numbers),
            r#"[9007199254740991,"9007199254740992","18446744073709551615"]"#
        );
        assert_eq!(
            to_text(&[-9_007_199_254_740_991_i64, i64::MIN]),
            r#"[-9007199254740991,"-9223372036854775808"]"#
        );
    }
}
