//! Writes JSON text: the one serialiser, which no type is compiled twice for.

use std::fmt;

use serde::{Serialize, ser};

use crate::long_integers::push_quoted;
use crate::raw::RAW;
use crate::string::first_special;

/// The JSON text of a value.
#[must_use]
pub fn to_text<T: ?Sized + Serialize>(value: &T) -> String {
    Writer::new(None).text_of(value)
}

/// The JSON text of a value for JavaScript: integers that `JSON.parse` would round are written as strings.
#[must_use]
pub fn to_javascript<T: ?Sized + Serialize>(value: &T) -> String {
    Writer::new(Some((1 << 53) - 1)).text_of(value)
}

/// Appends `value` as a JSON string.
#[inline(never)]
pub fn push_string(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value;
    // What is escaped is ASCII, so the text can be cut before and behind it.
    while let Some(index) = first_special(rest.as_bytes())
        && let Some((before, from)) = rest.split_at_checked(index)
    {
        text.push_str(before);
        let mut characters = from.chars();
        if let Some(character) = characters.next() {
            push_escaped(text, character);
        }
        rest = characters.as_str();
    }
    text.push_str(rest);
    text.push('"');
}

fn push_escaped(text: &mut String, character: char) {
    text.push('\\');
    match character {
        '\n' => text.push('n'),
        '\r' => text.push('r'),
        '\t' => text.push('t'),
        '\u{8}' => text.push('b'),
        '\u{c}' => text.push('f'),
        '"' | '\\' => text.push(character),
        control => {
            let code = u32::from(control);
            text.push_str(if code < 0x10 { "u000" } else { "u001" });
            text.extend(char::from_digit(code & 0xf, 16));
        }
    }
}

struct Writer {
    text: String,
    /// Integers beyond this one, either way, are written as strings.
    max_integer: Option<u64>,
    /// The next string is JSON already.
    is_raw: bool,
}

impl Writer {
    fn new(max_integer: Option<u64>) -> Writer {
        Writer {
            text: String::with_capacity(240),
            max_integer,
            is_raw: false,
        }
    }

    fn text_of<T: ?Sized + Serialize>(mut self, value: &T) -> String {
        // It fails for a map whose keys are no strings, and for what reports an error of its own.
        let written = value.serialize(&mut self);
        debug_assert!(written.is_ok(), "a value without JSON text");
        self.text
    }

    #[inline(never)]
    fn push_integer(&mut self, digits: &str, size: u64) {
        if self.max_integer.is_some_and(|max| size > max) {
            push_string(&mut self.text, digits);
        } else {
            self.text.push_str(digits);
        }
    }

    fn open(&mut self, open: char) -> Level<'_> {
        self.text.push(open);
        Level {
            writer: self,
            is_empty: true,
            close: match open {
                '[' => "]",
                _ => "}",
            },
        }
    }

    /// An object of one member, such as an enum's variant; the value follows, and the text to close it with.
    fn open_variant(&mut self, name: &str, open: &str) {
        self.text.push('{');
        push_string(&mut self.text, name);
        self.text.push(':');
        self.text.push_str(open);
    }
}

/// Why a value has no JSON text.
#[derive(Debug)]
struct NoText;

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no JSON text")
    }
}

impl std::error::Error for NoText {}

impl ser::Error for NoText {
    fn custom<T: fmt::Display>(_: T) -> NoText {
        NoText
    }
}

type Written = Result<(), NoText>;

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = NoText;
    type SerializeSeq = Level<'a>;
    type SerializeTuple = Level<'a>;
    type SerializeTupleStruct = Level<'a>;
    type SerializeTupleVariant = Level<'a>;
    type SerializeMap = Level<'a>;
    type SerializeStruct = Level<'a>;
    type SerializeStructVariant = Level<'a>;

    fn serialize_bool(self, value: bool) -> Written {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Written {
        self.push_integer(itoa::Buffer::new().format(value), value.unsigned_abs());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.push_integer(itoa::Buffer::new().format(value), value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Written {
        self.serialize_f64(value.into())
    }

    /// Rust prints the shortest digits that read back as the same number, as JSON wants them.
    fn serialize_f64(self, value: f64) -> Written {
        if value.is_finite() {
            self.text.push_str(&value.to_string());
            Ok(())
        } else {
            self.serialize_unit()
        }
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        match (self.is_raw, self.max_integer) {
            (true, Some(max)) => push_quoted(&mut self.text, value, max),
            (true, None) => self.text.push_str(value),
            (false, _) => push_string(&mut self.text, value),
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        self.open_variant(variant, "");
        value.serialize(&mut *self)?;
        self.text.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Level<'a>, NoText> {
        Ok(self.open('['))
    }

    fn serialize_tuple(self, _: usize) -> Result<Level<'a>, NoText> {
        Ok(self.open('['))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Level<'a>, NoText> {
        Ok(self.open('['))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Level<'a>, NoText> {
        self.open_variant(variant, "[");
        Ok(Level {
            writer: self,
            is_empty: true,
            close: "]}",
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Level<'a>, NoText> {
        Ok(self.open('{'))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Level<'a>, NoText> {
        if name != RAW {
            return Ok(self.open('{'));
        }
        self.is_raw = true;
        Ok(Level {
            writer: self,
            is_empty: true,
            close: "",
        })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Level<'a>, NoText> {
        self.open_variant(variant, "{");
        Ok(Level {
            writer: self,
            is_empty: true,
            close: "}}",
        })
    }
}

/// An array or an object that is being written.
struct Level<'a> {
    writer: &'a mut Writer,
    is_empty: bool,
    close: &'static str,
}

impl Level<'_> {
    fn separate(&mut self) {
        if !self.is_empty {
            self.writer.text.push(',');
        }
        self.is_empty = false;
    }

    #[inline(never)]
    fn name(&mut self, name: &str) {
        if self.writer.is_raw {
            return;
        }
        self.separate();
        push_string(&mut self.writer.text, name);
        self.writer.text.push(':');
    }

    #[inline(never)]
    fn close(self) -> Written {
        self.writer.is_raw = false;
        self.writer.text.push_str(self.close);
        Ok(())
    }

    fn item(&mut self, value: &(impl ?Sized + Serialize)) -> Written {
        self.separate();
        value.serialize(&mut *self.writer)
    }

    fn member(&mut self, name: &str, value: &(impl ?Sized + Serialize)) -> Written {
        self.name(name);
        value.serialize(&mut *self.writer)
    }
}

impl ser::SerializeSeq for Level<'_> {
    type Ok = ();
    type Error = NoText;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeTuple for Level<'_> {
    type Ok = ();
    type Error = NoText;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Level<'_> {
    type Ok = ();
    type Error = NoText;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeTupleVariant for Level<'_> {
    type Ok = ();
    type Error = NoText;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.item(value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeMap for Level<'_> {
    type Ok = ();
    type Error = NoText;

    /// A key is what serialises as a string; `name` checks no more than its first letter.
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Written {
        self.separate();
        let start = self.writer.text.len();
        key.serialize(&mut *self.writer)?;
        let is_string = self.writer.text.as_bytes().get(start) == Some(&b'"');
        is_string.then_some(()).ok_or(NoText)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Written {
        self.writer.text.push(':');
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeStruct for Level<'_> {
    type Ok = ();
    type Error = NoText;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Written {
        self.member(name, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

impl ser::SerializeStructVariant for Level<'_> {
    type Ok = ();
    type Error = NoText;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Written {
        self.member(name, value)
    }

    fn end(self) -> Written {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, Serialize)]
    #[serde(rename_all = "camelCase")]
    enum Shape {
        Unit,
        New(u8),
        Pair(i8, Option<bool>),
        Fields { first_name: String, empty: Vec<u8> },
    }

    #[derive(Debug, Serialize)]
    struct All {
        shapes: Vec<Shape>,
        map: BTreeMap<String, Option<char>>,
        numbers: (u64, i64, f64, f32),
        nothing: (),
        #[serde(skip_serializing_if = "Option::is_none")]
        left_out: Option<u8>,
    }

    proptest! {
        #[test]
        fn every_shape_is_written_as_serde_json_writes_it(
            text: String, letter: char, unsigned: u64, signed: i64, small: i8,
        ) {
            let all = All {
                shapes: vec![
                    Shape::Unit,
                    Shape::New(7),
                    Shape::Pair(small, Some(true)),
                    Shape::Fields { first_name: text.clone(), empty: vec![] },
                ],
                map: [(text, Some(letter)), ("none".to_owned(), None)].into(),
                numbers: (unsigned, signed, 1.5, f32::INFINITY),
                nothing: (),
                left_out: None,
            };
            prop_assert_eq!(to_text(&all), serde_json::to_string(&all).unwrap());
        }

        #[test]
        fn floating_point_numbers_read_back_as_they_were(value: f64) {
            let text = to_text(&value);
            if value.is_finite() {
                prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits());
            } else {
                prop_assert_eq!(text, "null");
            }
        }
    }

    #[test]
    fn every_control_character_is_escaped_as_serde_json_does_it() {
        let text: String = ('\0'..='\u{80}').collect();
        assert_eq!(to_text(&text), serde_json::to_string(&text).unwrap());
    }

    #[test]
    fn integers_beyond_2_to_the_53_are_strings_for_javascript() {
        let numbers = [9_007_199_254_740_991_u64, 9_007_199_254_740_992, u64::MAX];
        let text = r#"[9007199254740991,"9007199254740992","18446744073709551615"]"#;
        assert_eq!(to_javascript(&numbers), text);
        let text = r#"[-9007199254740991,"-9223372036854775808"]"#;
        assert_eq!(to_javascript(&[-9_007_199_254_740_991_i64, i64::MIN]), text);
        assert_eq!(to_text(&i64::MIN), "-9223372036854775808");
    }
}
