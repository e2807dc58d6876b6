//! Reads percent-encoded text and query parameters. By hand: form decoders take bad escapes and repeated names, and core's
//! own reader is what is tested here.

use std::collections::BTreeMap;

/// The parameters of a query. `None` if it cannot be parsed: a bad escape, bytes that are not UTF-8, a
/// parameter twice (servers disagree on which one counts).
pub(crate) fn parameters(query: &str) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = decode(&value.replace('+', " "))?;
        if parameters.insert(decode(name)?, value).is_some() {
            return None;
        }
    }
    Some(parameters)
}

/// Resolves `%XX`. `None` for a bad escape and for bytes that are not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_unescaped() {
        let parameters = parameters("a=1&name=%E7%94%A8+x%2b*-_&flag&&b=").unwrap();
        assert_eq!(parameters["a"], "1");
        assert_eq!(parameters["name"], "用 x+*-_");
        assert_eq!(parameters["flag"], "");
        assert_eq!(parameters["b"], "");
    }

    #[test]
    fn bad_escapes_and_repeated_parameters_are_refused() {
        for query in ["a=%", "a=%4", "a=%zz", "a=%ff", "%=1", "a=1&a=1"] {
            assert_eq!(parameters(query), None, "{query}");
        }
    }
}
