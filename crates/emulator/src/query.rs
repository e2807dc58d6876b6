//! Reads percent-encoded text and query parameters.

use crate::value::sorted;

/// The parameters of a query.
#[derive(Debug, PartialEq)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// `None` if it cannot be parsed: a bad escape, bytes that are not UTF-8, a parameter twice (servers
    /// disagree on which one counts).
    pub(crate) fn parse(query: &str) -> Option<Parameters> {
        let mut parameters = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            parameters.push((decode(name, false)?, decode(value, true)?));
        }
        let names = parameters.iter().map(|(name, _)| name.as_str()).collect();
        let is_each_once = sorted(names).len() == parameters.len();
        is_each_once.then_some(Parameters(parameters))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut parameters = self.0.iter();
        let (_, value) = parameters.find(|(other, _)| other == name)?;
        Some(value)
    }
}

/// A segment of a path without its escapes. `None` for a bad escape and for bytes that are not UTF-8.
pub(crate) fn segment(text: &str) -> Option<String> {
    decode(text, false)
}

/// Resolves `%XX`, and `+` where it is a space.
fn decode(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' if plus_is_space => b' ',
            _ => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_unescaped() {
        let parameters = Parameters::parse("a=1&name=%E7%94%A8+x%2b*-_&flag&&b=").unwrap();
        assert_eq!(parameters.get("a"), Some("1"));
        assert_eq!(parameters.get("name"), Some("用 x+*-_"));
        assert_eq!(parameters.get("flag"), Some(""));
        assert_eq!(parameters.get("b"), Some(""));
        assert_eq!(parameters.get("c"), None);
    }

    #[test]
    fn bad_escapes_and_repeated_parameters_are_refused() {
        for query in ["a=%", "a=%4", "a=%zz", "a=%ff", "%=1", "a=1&a=1"] {
            assert_eq!(Parameters::parse(query), None, "{query}");
        }
    }
}
