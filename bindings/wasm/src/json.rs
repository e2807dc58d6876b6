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

/// The same JSON text, with integers that `JSON.parse` would round as strings: those of fields that the
/// library does not know are in it as they arrived.
pub(crate) fn quote_long_integers(json: &str) -> String {
    let mut quoted = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(index) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (before, token) = rest.split_at(index);
        quoted.push_str(before);
        let length = if token.starts_with('"') {
            string_length(token)
        } else {
            let is_of_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
            token.find(|c| !is_of_number(c)).unwrap_or(token.len())
        };
        let (token, after) = token.split_at(length);
        if is_long_integer(token) {
            quoted.push('"');
            quoted.push_str(token);
            quoted.push('"');
        } else {
            quoted.push_str(token);
        }
        rest = after;
    }
    quoted.push_str(rest);
    quoted
}

/// How many bytes a JSON string has, its quotes included.
fn string_length(json: &str) -> usize {
    let mut is_escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    });
    end.map_or(json.len(), |end| end + 2)
}

fn is_long_integer(token: &str) -> bool {
    let digits = token.strip_prefix('-').unwrap_or(token);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // What no u64 holds is beyond it, too.
    is_integer
        && digits
            .parse()
            .map_or(true, |number: u64| number > MAX_SAFE_INTEGER)
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
    fn long_integers_are_quoted_wherever_they_stand_but_in_strings() {
        for (json, quoted) in [
            ("9007199254740992", r#""9007199254740992""#),
            (
                r#"{"a":[1,-18446744073709551617],"b\\":"9007199254740993 \" 9007199254740993"}"#,
                r#"{"a":[1,"-18446744073709551617"],"b\\":"9007199254740993 \" 9007199254740993"}"#,
            ),
            (
                "[9007199254740991,-5,1.5e300,true,null]",
                "[9007199254740991,-5,1.5e300,true,null]",
            ),
            ("12345678901234567890.5", "12345678901234567890.5"),
            ("", ""),
        ] {
            assert_eq!(quote_long_integers(json), quoted);
        }
    }

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
