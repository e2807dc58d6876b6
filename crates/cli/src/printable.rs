use std::fmt::{self, Write as _};

/// Text from elsewhere as a terminal may show it: whatever could move the cursor, change colours or turn
/// the line around is escaped.
pub(crate) struct Printable<T>(pub(crate) T);

impl<T: fmt::Display> fmt::Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| {
            if is_harmless(character) {
                self.0.write_char(character)
            } else {
                write!(self.0, "{}", character.escape_default())
            }
        })
    }
}

fn is_harmless(character: char) -> bool {
    let steers_the_text = matches!(
        character,
        '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    );
    !character.is_control() && !steers_the_text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_the_rest_is_kept() {
        assert_eq!(Printable("用户 \"é\" 👋").to_string(), "用户 \"é\" 👋");
        assert_eq!(
            Printable("a\u{1b}[31m\r\n\u{9b}\u{202e}b").to_string(),
            r"a\u{1b}[31m\r\n\u{9b}\u{202e}b"
        );
    }
}
