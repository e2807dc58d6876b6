//! Text that somebody else wrote, as it may be shown. By hand: no library of ours escapes what a terminal obeys and what
//! turns text around.

/// In quotes, with everything escaped that a terminal or a reader could take for something else.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, true))
}

/// The inside of the same quotes, for where something else shows the end.
pub(crate) fn quoted_inside(text: &str) -> String {
    escaped(text, true)
}

/// Without quotes, for where no end has to be found.
pub(crate) fn printable(text: &str) -> String {
    escaped(text, false)
}

fn escaped(text: &str, is_quoted: bool) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '"' | '\\' if is_quoted => shown.extend(['\\', character]),
            _ if is_hidden(character) => {
                shown.push_str("\\u{");
                push_hexadecimal(&mut shown, character.into());
                shown.push('}');
            }
            _ => shown.push(character),
        }
    }
    shown
}

/// Control characters, and those that turn the direction of text, join or separate without being seen.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

fn push_hexadecimal(text: &mut String, number: u32) {
    if number >= 16 {
        push_hexadecimal(text, number / 16);
    }
    text.extend(char::from_digit(number % 16, 16));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mislead_is_escaped_and_other_text_is_left() {
        assert_eq!(quoted("用户 é'😀"), "\"用户 é'😀\"");
        assert_eq!(quoted("a\"b\\c\n\t\r"), r#""a\"b\\c\n\t\r""#);
        assert_eq!(quoted("\0\x1b[31m\u{7f}"), r#""\u{0}\u{1b}[31m\u{7f}""#);
        assert_eq!(quoted("\u{202e}\u{200b}"), r#""\u{202e}\u{200b}""#);
        assert_eq!(printable("say \"a\\b\"\n"), "say \"a\\b\"\\n");
    }
}
