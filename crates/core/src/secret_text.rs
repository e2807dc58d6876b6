//! What the text of a secret may hold: the one rule for every key and token, whoever gives it.
//!
//! A key that is not what it looks like signs as well as any other, and what it signs is refused far away and without
//! a reason. So what no console hands out is refused here, with what was found and where; never with the text itself.

use crate::{Problem, ProblemCode};

/// The secret in the bytes of a variable, a file or stdin. A byte order mark before it and one line break after it
/// are not part of it.
///
/// ```
/// use trtc_call_core::secret_text;
///
/// assert_eq!(secret_text::decode("key", b"\xef\xbb\xbfabc\r\n")?, "abc");
/// let problem = secret_text::decode("key", b"caf\xe9").unwrap_err();
/// assert_eq!(problem.rule, "is not UTF-8 from byte 4 on");
/// # Ok::<(), trtc_call_core::Problem>(())
/// ```
///
/// # Errors
/// If they are not UTF-8, or [`check`] refuses them.
pub fn decode<'a>(field: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes {
        let fix = "save it as UTF-8; PowerShell 5 writes UTF-16 unless told otherwise";
        return Err(Problem::new(field, "is UTF-16", fix).coded(ProblemCode::NotUtf8));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let rule = format!("is not UTF-8 from byte {} on", error.valid_up_to() + 1);
        Problem::new(field, rule, "give it as UTF-8, or copy it anew").coded(ProblemCode::NotUtf8)
    })?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    check(field, text.strip_suffix('\r').unwrap_or(text))
}

/// The longest text that is taken for a secret: twice the longest there is, a temporary access key's token.
const MAX_BYTES: usize = 8192;

/// The secret in a text, without a byte order mark before it.
///
/// # Errors
/// If the text is empty, has white space around it, is quoted, is an assignment (`NAME=value`), is a place that nothing
/// has filled in (`$NAME`, `{…}`), has more than 8192 bytes, or holds a line break or another character that cannot be
/// seen.
pub fn check<'a>(field: &str, text: &'a str) -> Result<&'a str, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let problem = |code, rule: &str, fix: &str| Problem::new(field, rule, fix).coded(code);
    let refused = |code, rule: &str, fix: &str| Err(problem(code, rule, fix));
    if text.is_empty() {
        let fix = "copy it from the console";
        return refused(ProblemCode::Empty, "must not be empty", fix);
    }
    if text.trim().len() != text.len() {
        return refused(
            ProblemCode::SecretWithSpace,
            "must not begin or end with white space",
            "trim it: a file's last line break is not part of it",
        );
    }
    if is_assignment(text) {
        return refused(
            ProblemCode::SecretAssignment,
            "is an assignment, NAME=value",
            "give the value alone, without the name before it",
        );
    }
    if is_template(text) {
        return refused(
            ProblemCode::SecretTemplate,
            "is a place for a value, such as $NAME or {…}, that nothing has filled in",
            "give the value itself: outside of a shell or a template nothing replaces it",
        );
    }
    if text.len() > MAX_BYTES {
        let rule = format!(
            "has {} bytes, where no key has more than {MAX_BYTES}",
            text.len()
        );
        let fix = "give the secret and nothing else";
        let problem = problem(ProblemCode::TooLong, &rule, fix);
        return Err(problem.with("max", MAX_BYTES).with("found", text.len()));
    }
    if is_quoted(text) {
        return refused(
            ProblemCode::SecretQuoted,
            "stands in quotes",
            "leave the quotes out: outside of a shell they would be part of it",
        );
    }
    let found = text.chars().enumerate();
    let mut found =
        found.filter_map(|(index, character)| Some((index + 1, misfit(character)?, character)));
    match found.next() {
        None => Ok(text),
        Some((position, what, character)) => {
            let code = u32::from(character);
            let rule = format!("holds {what} (U+{code:04X}) at character {position}");
            let fix = "copy it anew, and nothing but it";
            let problem = problem(ProblemCode::SecretCharacter, &rule, fix);
            Err(problem
                .with("position", position)
                .with("character", format!("U+{code:04X}")))
        }
    }
}

/// What is wrong with a character that no console shows.
fn misfit(character: char) -> Option<&'static str> {
    Some(match character {
        '\0' => "a NUL",
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break",
        '\u{fffd}' => "the sign for text that could not be decoded",
        ' ' => return None,
        _ if character.is_control() => "a control character",
        _ if character.is_whitespace() => "a space that is none of the keyboard's",
        _ if is_invisible(character) => "an invisible character",
        _ => return None,
    })
}

/// Unicode's Default_Ignorable_Code_Point (<https://www.unicode.org/Public/17.0.0/ucd/DerivedCoreProperties.txt>),
/// with the interlinear marks and the Braille pattern without dots.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A variable that was not replaced, as in `$TRTC_SECRET_KEY`, `${{ secrets.KEY }}`, `%KEY%`, or a JSON object.
fn is_template(text: &str) -> bool {
    let named = |name: &str| {
        let mut letters = name.bytes();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
            && letters.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let between = |open, close| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
    };
    between("{", "}").is_some()
        || between("${", "}").is_some()
        || between("$(", ")").is_some()
        || between("%", "%").is_some_and(named)
        || text.strip_prefix('$').is_some_and(named)
}

fn is_quoted(text: &str) -> bool {
    let mut inside = text.chars();
    let (first, last) = (inside.next(), inside.next_back());
    first.zip(last).is_some_and(|ends| {
        matches!(
            ends,
            ('"', '"')
                | ('\'', '\'')
                | ('`', '`')
                | ('“', '”')
                | ('‘', '’')
                | ('„', '“')
                | ('«', '»')
                | ('<', '>')
        )
    })
}

/// `TRTC_SECRET_KEY=value`, `export key = value`, `secretKey: value`. The padding of a base64 text is no value.
fn is_assignment(text: &str) -> bool {
    let Some((name, value)) = text.split_once(['=', ':']) else {
        return false;
    };
    if value.trim_matches('=').is_empty() {
        return false;
    }
    let shell = ["export ", "set ", "$env:", "$"];
    let declared = shell.into_iter().find_map(|word| name.strip_prefix(word));
    let name = declared.unwrap_or(name).trim().trim_matches(['"', '\'']);
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let lower = name.to_ascii_lowercase();
    let says_secret = ["key", "secret", "token"]
        .into_iter()
        .any(|word| lower.contains(word));
    let is_constant = name.len() > 2 && name.contains('_') && lower.to_ascii_uppercase() == name;
    is_name && (declared.is_some() || says_secret || is_constant)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(bytes: &[u8]) -> String {
        decode("key", bytes).unwrap_err().rule
    }

    #[test]
    fn a_byte_order_mark_and_one_line_break_are_not_part_of_a_secret() {
        for bytes in ["abc", "\u{feff}abc", "abc\n", "\u{feff}abc\r\n"] {
            assert_eq!(decode("key", bytes.as_bytes()), Ok("abc"), "{bytes:?}");
        }
        assert_eq!(check("key", "\u{feff}abc"), Ok("abc"));
    }

    #[test]
    fn what_is_not_utf_8_is_refused_and_never_replaced() {
        assert_eq!(rule(b"caf\xe9key"), "is not UTF-8 from byte 4 on");
        assert_eq!(rule(b"\xff\xfea\0b\0"), "is UTF-16");
        assert_eq!(
            rule("caf\u{fffd}key".as_bytes()),
            "holds the sign for text that could not be decoded (U+FFFD) at character 4"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_refused_with_what_and_where() {
        for (text, rule) in [
            ("ab\0c", "holds a NUL (U+0000) at character 3"),
            (
                "ab\u{200b}c",
                "holds an invisible character (U+200B) at character 3",
            ),
            (
                "é\u{feff}c",
                "holds an invisible character (U+FEFF) at character 2",
            ),
            (
                "\u{feff}\u{feff}c",
                "holds an invisible character (U+FEFF) at character 1",
            ),
            (
                "ab\u{a0}c",
                "holds a space that is none of the keyboard's (U+00A0) at character 3",
            ),
            ("ab\tc", "holds a control character (U+0009) at character 3"),
            ("ab\ncd", "holds a line break (U+000A) at character 3"),
            ("ab\n\n", "must not begin or end with white space"),
            (" ab", "must not begin or end with white space"),
            ("", "must not be empty"),
            ("\n", "must not be empty"),
        ] {
            assert_eq!(super::tests::rule(text.as_bytes()), rule, "{text:?}");
        }
    }

    #[test]
    fn quotes_and_names_around_a_secret_are_refused() {
        for text in ["\"abc\"", "'abc'", "`abc`", "“abc”"] {
            assert_eq!(rule(text.as_bytes()), "stands in quotes", "{text}");
        }
        for text in [
            "TRTC_SECRET_KEY=abc",
            "TRTC_SECRET_KEY=\"abc\"",
            "TRTC_SECRET_KEY='abc='",
            "export KEY=abc",
            "$env:ANY=abc",
            "secretKey = abc",
            "secret_key: abc",
            "\"token\":\"abc\"",
        ] {
            assert_eq!(
                rule(text.as_bytes()),
                "is an assignment, NAME=value",
                "{text}"
            );
        }
    }

    #[test]
    fn what_nothing_has_filled_in_and_whole_files_are_refused() {
        for text in [
            "$TRTC_SECRET_KEY",
            "${TRTC_SECRET_KEY}",
            "${{ secrets.KEY }}",
            "{{ key }}",
            "$(cat key)",
            "%TRTC_SECRET_KEY%",
            r#"{"key":"abc"}"#,
        ] {
            let rule = rule(text.as_bytes());
            assert!(rule.starts_with("is a place for a value"), "{text}: {rule}");
        }
        assert_eq!(
            rule("k".repeat(8193).as_bytes()),
            "has 8193 bytes, where no key has more than 8192"
        );
        let longest = "k".repeat(8192);
        assert_eq!(decode("key", longest.as_bytes()), Ok(longest.as_str()));
    }

    #[test]
    fn what_consoles_hand_out_is_taken() {
        for text in [
            "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e",
            "QUJDREVG==",
            "QUJD=",
            "a=b",
            "$a-b",
            "{a",
            "100%",
            "A7=x:y/z",
            "two words",
            "it's",
            "\"",
            "café",
            "密钥",
            "=",
        ] {
            assert_eq!(decode("key", text.as_bytes()), Ok(text));
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_the_same_text_and_what_is_refused_is_not_shown(
            before in "[a-z=:\"' ]{0,6}", after in "[A-Z0-9=:\"'\u{200b}é\n ]{0,24}",
        ) {
            let text = format!("{before}MARKED{after}");
            match check("key", &text) {
                Ok(taken) => prop_assert_eq!(taken, &text),
                Err(problem) => prop_assert!(!problem.to_string().contains("MARKED")),
            }
        }
    }
}
