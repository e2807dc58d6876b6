//! Integers that not every reader takes exactly.

/// Appends JSON text, with its integers beyond `max_integer`, either way, as strings.
pub(crate) fn push_quoted(quoted: &mut String, json: &str, max_integer: u64) {
    let mut rest = json;
    let is_start = |byte: u8| byte == b'"' || byte == b'-' || byte.is_ascii_digit();
    // Tokens begin and end with ASCII, so the text can be cut there.
    while let Some(index) = rest.bytes().position(is_start)
        && let Some((before, token)) = rest.split_at_checked(index)
    {
        quoted.push_str(before);
        let length = if token.starts_with('"') {
            string_length(token)
        } else {
            let is_of_number = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
            let end = token.bytes().position(|byte| !is_of_number(byte));
            end.unwrap_or(token.len())
        };
        let (token, after) = token.split_at_checked(length).unwrap_or((token, ""));
        if is_long_integer(token, max_integer) {
            quoted.push('"');
            quoted.push_str(token);
            quoted.push('"');
        } else {
            quoted.push_str(token);
        }
        rest = after;
    }
    quoted.push_str(rest);
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

fn is_long_integer(token: &str, max_integer: u64) -> bool {
    let digits = token.strip_prefix('-').unwrap_or(token);
    let is_integer = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // What no u64 holds is beyond it, too.
    is_integer
        && digits
            .parse()
            .map_or(true, |number: u64| number > max_integer)
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
            let mut text = String::new();
            push_quoted(&mut text, json, (1 << 53) - 1);
            assert_eq!(text, quoted);
        }
    }
}
