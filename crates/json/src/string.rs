//! What a JSON string says.

use std::borrow::Cow;

/// Whether a byte cannot stand in a JSON string as itself. All of them are ASCII.
fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Where the first byte is that cannot stand in a JSON string as itself, looking at eight at a time.
pub(crate) fn first_special(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH_BITS: u64 = ONES << 7;
    // The high bit of each byte below `limit`, up to the first of them at least: those behind it may be wrong.
    let below =
        |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGH_BITS;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, rest) = bytes.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let special = below(word, 0x20) | equal(word, b'"') | equal(word, b'\\');
        if special != 0 {
            return Some(index * 8 + special.trailing_zeros() as usize / 8);
        }
    }
    let found = rest.iter().position(|byte| is_special(*byte));
    found.map(|index| words.len() * 8 + index)
}

/// The text between a string's quotes, its escapes resolved; nothing if half a surrogate pair is in it.
pub(crate) fn unescaped(inner: &str) -> Option<Cow<'_, str>> {
    if !inner.bytes().any(|byte| byte == b'\\') {
        return Some(Cow::Borrowed(inner));
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, escape)) = rest.split_once('\\') {
        text.push_str(before);
        let mut letters = escape.chars();
        let character = match letters.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (character, length) = code_point(letters.as_str())?;
                letters = letters.as_str().get(length..)?.chars();
                character
            }
            itself => itself,
        };
        text.push(character);
        rest = letters.as_str();
    }
    text.push_str(rest);
    Some(Cow::Owned(text))
}

/// The character that stands behind `\u`, and how many bytes it takes there.
fn code_point(text: &str) -> Option<(char, usize)> {
    let unit = |digits: Option<&str>| u32::from_str_radix(digits?, 16).ok();
    let first = unit(text.get(..4))?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, 4));
    }
    let second = unit(text.get(4..)?.strip_prefix("\\u")?.get(..4))?;
    let second = second.checked_sub(0xdc00).filter(|unit| *unit < 0x400)?;
    let pair = char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)?;
    Some((pair, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_is() {
        for length in 0..20 {
            for place in 0..length {
                for special in 0..=255 {
                    for plain in [
                        b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0x9f, 0xa2, 0xdc, 0xff,
                    ] {
                        let mut bytes = vec![plain; length];
                        bytes[place] = special;
                        let expected = bytes.iter().position(|byte| is_special(*byte));
                        assert_eq!(first_special(&bytes), expected, "{bytes:x?}");
                    }
                }
            }
        }
    }

    #[test]
    fn escapes_are_resolved_and_other_text_is_borrowed() {
        assert!(matches!(unescaped("用"), Some(Cow::Borrowed("用"))));
        for (inner, text) in [
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"a\u00e9b\u7528", "aéb用"),
            (r"\ud83d\ude00!", "😀!"),
            (r"\u0000", "\0"),
        ] {
            assert_eq!(unescaped(inner).unwrap(), text);
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_no_text() {
        for inner in [
            r"\ud83d",
            r"\ud83dx",
            r"\ud83d\n",
            r"\ude00",
            r"\ud83d\u0041",
            r"\ud83d\ud83d",
        ] {
            assert_eq!(unescaped(inner), None, "{inner}");
        }
    }
}
