use std::collections::BTreeMap;

use trtc_call_core::Problem;

/// A text in which `{name}` stands for what a row has in the column `name`.
///
/// A name is made of letters, digits, `_`, `-`, `.` and spaces; whatever else stands in braces is text. In a text that
/// is JSON, such as a push's `ext`, values are put in as JSON writes them within quotation marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    is_json: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Column(String),
}

impl Template {
    /// The template of that text.
    #[must_use]
    pub fn new(text: &str) -> Template {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            plain.push_str(before);
            match after.split_once('}').filter(|(name, _)| is_name(name)) {
                Some((name, behind)) => {
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Column(name.to_owned()));
                    rest = behind;
                }
                None => {
                    plain.push('{');
                    rest = after;
                }
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        let is_json = text.starts_with(['{', '['])
            && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        Template { parts, is_json }
    }

    /// The columns it needs.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Column(name) => Some(name.as_str()),
        })
    }

    /// The text for a row.
    ///
    /// # Errors
    /// If the row does not have a column that it needs; the problem's field is that column.
    pub fn fill(&self, row: &BTreeMap<String, String>) -> Result<String, Problem> {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Column(name) => {
                    let value = row.get(name).ok_or_else(|| {
                        let rule = format!("is missing, and a text has {{{name}}}");
                        Problem::new(name, rule, "add the column, or take it out of the text")
                    })?;
                    if self.is_json {
                        filled.push_str(&within_json(value));
                    } else {
                        filled.push_str(value);
                    }
                }
            }
        }
        Ok(filled)
    }
}

fn is_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    !name.trim().is_empty() && name.chars().all(is_allowed)
}

/// The value as it stands between the quotation marks of a JSON string.
fn within_json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(&quoted).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> BTreeMap<String, String> {
        let columns = [("name", "Ada \"L\""), ("order no", "4711")];
        columns
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn names_in_braces_are_columns_and_all_else_is_text() {
        for (text, filled) in [
            ("Hello {name}!", "Hello Ada \"L\"!"),
            ("{order no}{order no}", "47114711"),
            ("{} { {!} }{name", "{} { {!} }{name"),
            ("{{name}}", "{Ada \"L\"}"),
            ("", ""),
            (r#"{"a":1,"who":"{name}"}"#, r#"{"a":1,"who":"Ada \"L\""}"#),
        ] {
            assert_eq!(Template::new(text).fill(&row()).unwrap(), filled, "{text}");
        }
    }

    #[test]
    fn a_column_that_a_row_does_not_have_is_named() {
        let problem = Template::new("Hello {nme}").fill(&row()).unwrap_err();
        assert_eq!(problem.field, "nme");
        assert_eq!(
            Template::new("a{b}{c}").columns().collect::<Vec<_>>(),
            ["b", "c"]
        );
    }
}
