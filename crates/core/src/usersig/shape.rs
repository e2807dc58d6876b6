//! The JSON object of a token. All tokens look alike, so it is known in advance what repeats what.
//!
//! ```text
//! {"TLS.ver":"2.0","TLS.sdkappid":1400000000,"TLS.identifier":"jack",
//!  "TLS.sig":"…","TLS.userbuf":"…","TLS.time":1700000000,"TLS.expire":3600}
//! ```
//!
//! (in one line). Each field's start repeats the one before (`","TLS.`), strings begin alike (`":"`), and
//! numbers often do (`":1`, `e":1`); round numbers end in a run of zeros. What comes before the user's
//! name is the same in all tokens of an application: it is compressed once and kept.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::signed_text::SignedText;
use super::token_writer::TokenWriter;

/// The shape of one application's tokens.
#[derive(Clone)]
pub(super) struct Shape {
    /// Everything before the user's name.
    head: TokenWriter,
    sdk_app_id: Number,
    sdk_app_id_at: usize,
}

impl Shape {
    pub(super) fn new(sdk_app_id: u32) -> Shape {
        let sdk_app_id = Number::new(sdk_app_id.into());
        let mut head = TokenWriter::new();
        head.literal(br#"{"TLS.ver":"2.0","#);
        head.repeat(br#""TLS."#, 1);
        head.literal(b"sdkappid");
        let sdk_app_id_at = head.position();
        write_number(&mut head, sdk_app_id.value());
        head.repeat(br#","TLS."#, 16);
        head.literal(b"identifi");
        head.repeat(br#"er":""#, 7);
        Shape {
            head,
            sdk_app_id,
            sdk_app_id_at,
        }
    }

    /// The token that says `text`.
    pub(super) fn token(&self, text: &SignedText<'_>, signature: &[u8; 32]) -> String {
        let mut signature_text = [0; 44];
        // 32 bytes are 44 characters, so this cannot fail.
        let _ = STANDARD.encode_slice(signature, &mut signature_text);
        let (time, expire) = (Number::new(text.time), Number::new(text.expire));

        let mut json = self.head.clone();
        let string_at = json.position() - 3;
        json.literal(escape(text.identifier).as_bytes());
        let mut field_at = json.position();
        json.repeat(br#"","TLS.s"#, 15);
        json.literal(b"ig");
        json.repeat(br#"":""#, string_at);
        json.literal(&signature_text);
        if let Some(user_buffer) = text.user_buffer {
            let earlier_field_at = std::mem::replace(&mut field_at, json.position());
            json.repeat(br#"","TLS."#, earlier_field_at);
            json.literal(br#"userbuf":""#);
            json.literal(user_buffer.as_bytes());
        }
        let earlier_field_at = std::mem::replace(&mut field_at, json.position());
        json.repeat(br#"","TLS."#, earlier_field_at);
        json.literal(b"time");
        let time_at = json.position();
        let (value, earlier) = (time.value(), self.sdk_app_id.value());
        write_number_after(&mut json, value, earlier, self.sdk_app_id_at);
        json.repeat(br#","TLS."#, field_at + 1);
        json.literal(b"expir");
        write_number_after(&mut json, expire.after_e(), time.after_e(), time_at - 1);
        json.literal(b"}");
        json.finish()
    }
}

/// The inside of a JSON string.
fn escape(text: &str) -> Cow<'_, str> {
    if !text
        .bytes()
        .any(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
    {
        return Cow::Borrowed(text);
    }
    // Text is text in JSON, too.
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let inside = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    Cow::Owned(inside.unwrap_or_default().to_owned())
}

/// A number with what stands before it: `e":1700000000`.
#[derive(Clone)]
struct Number {
    text: [u8; 23],
    length: usize,
}

impl Number {
    fn new(number: u64) -> Number {
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(number).as_bytes();
        let mut text = [0; 23];
        let parts = br#"e":"#.iter().chain(digits);
        text.iter_mut()
            .zip(parts)
            .for_each(|(to, from)| *to = *from);
        Number {
            text,
            length: 3 + digits.len(),
        }
    }

    /// `e":1700000000`, for fields whose names end so.
    fn after_e(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }

    /// `":1700000000`
    fn value(&self) -> &[u8] {
        self.text.get(1..self.length).unwrap_or_default()
    }
}

/// Writes `number`, which begins as `earlier` did that was written at the position `from`.
fn write_number_after(json: &mut TokenWriter, number: &[u8], earlier: &[u8], from: usize) {
    let common = number.iter().zip(earlier).take_while(|(a, b)| a == b);
    match number.split_at_checked(common.count().min(10)) {
        Some((start, rest)) if start.len() >= 3 => {
            json.repeat(start, from);
            write_number(json, rest);
        }
        _ => write_number(json, number),
    }
}

/// Writes `number`, or the rest of one, which often ends in zeros.
fn write_number(json: &mut TokenWriter, number: &[u8]) {
    let zeros = number.iter().rev().take_while(|digit| **digit == b'0');
    let zeros = zeros.count();
    if zeros < 4 {
        return json.literal(number);
    }
    let (start, zeros) = number.split_at(number.len() - (zeros - 1));
    let (run, rest) = zeros.split_at(zeros.len().min(10));
    json.literal(start);
    json.repeat(run, json.position() - 1);
    json.literal(rest);
}
