//! The names of a push's fields as somebody's JSON spells them.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::read::Names;
use super::{AndroidInfo, ApnsInfo, HarmonyInfo, LiveActivity, LocalizedText, OfflinePushInfo};
use crate::members::Members;

/// How a JSON text spells the fields of a push, for messages to whoever wrote it.
///
/// ```
/// use trtc_call_core::offline_push::Spelling;
///
/// let spelling = Spelling::of(r#"{"AndroidInfo":{"OPPONotifyLevel":2}}"#);
/// assert_eq!(
///     spelling.path("offline_push.android.oppo_notify_level"),
///     "AndroidInfo.OPPONotifyLevel",
/// );
/// ```
#[derive(Debug, Clone)]
pub struct Spelling<'a> {
    json: &'a str,
    /// The name of a field in Rust, the service's name, and this library's in camelCase.
    names: BTreeMap<String, (&'static str, &'static str)>,
}

impl<'a> Spelling<'a> {
    /// The spelling of that text.
    #[must_use]
    pub fn of(json: &'a str) -> Spelling<'a> {
        let objects = [
            OfflinePushInfo::names(),
            LocalizedText::names(),
            AndroidInfo::names(),
            ApnsInfo::names(),
            LiveActivity::names(),
            HarmonyInfo::names(),
        ];
        let names = objects.iter().flat_map(Names::both);
        Spelling {
            json,
            names: names
                .map(|(wire, own)| (snake_case(own), (wire, own)))
                .collect(),
        }
    }

    /// The path of a [`Problem`](crate::Problem) or an [`Advice`](super::Advice) in the names of the text: in the
    /// service's for what does not stand there.
    #[must_use]
    pub fn path(&self, field: &str) -> String {
        let path = field.strip_prefix("offline_push.").unwrap_or(field);
        let mut object = Some(self.json);
        let mut spelt = Vec::new();
        for step in path.split('.') {
            let (name, index) = step.split_at(step.find('[').unwrap_or(step.len()));
            let (name, value) = self.member(object, name);
            spelt.push(name + index);
            object = value.and_then(|value| item(value, index));
        }
        spelt.join(".")
    }

    /// A message in which fields have the names of the text.
    #[must_use]
    pub fn message(&self, message: &str) -> String {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let mut spelt = String::with_capacity(message.len());
        let mut rest = message;
        while let Some(start) = rest.find(is_name) {
            let (before, word) = rest.split_at(start);
            let (word, after) = word.split_at(word.find(|c| !is_name(c)).unwrap_or(word.len()));
            spelt.push_str(before);
            match self.names.get(word) {
                // Without an underscore it may be a word like any other.
                Some((wire, own)) if word.contains('_') => {
                    let quoted = format!("\"{own}\"");
                    spelt.push_str(if self.json.contains(&quoted) {
                        own
                    } else {
                        wire
                    });
                }
                _ => spelt.push_str(word),
            }
            rest = after;
        }
        spelt.push_str(rest);
        spelt
    }

    /// The field's name as the object has it, and what it holds.
    fn member(&self, object: Option<&'a str>, name: &str) -> (String, Option<&'a str>) {
        let known = self.names.get(name);
        let members = object.and_then(|json| serde_json::from_str::<Members<'a>>(json).ok());
        let found = members.and_then(|members| {
            members.0.into_iter().find(|(member, _)| {
                member == name || known.is_some_and(|(wire, own)| member == wire || member == own)
            })
        });
        match (found, known) {
            (Some((member, value)), _) => (member.into_owned(), Some(value.get())),
            (None, Some((wire, _))) => ((*wire).to_owned(), None),
            (None, None) => (name.to_owned(), None),
        }
    }
}

/// What an `index` such as `[0]` picks out of an array; everything if there is none.
fn item<'a>(json: &'a str, index: &str) -> Option<&'a str> {
    if index.is_empty() {
        return Some(json);
    }
    let index: usize = index.trim_matches(['[', ']']).parse().ok()?;
    let items: Vec<&'a RawValue> = serde_json::from_str(json).ok()?;
    items.get(index).map(|item| item.get())
}

fn snake_case(camel_case: &str) -> String {
    let mut snake_case = String::new();
    for letter in camel_case.chars() {
        if letter.is_ascii_uppercase() {
            snake_case.push('_');
        }
        snake_case.push(letter.to_ascii_lowercase());
    }
    snake_case
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_the_names_of_the_text_and_the_services_where_they_are_missing() {
        let services =
            r#"{"MultiLanguageContent":[{},{"Language":""}],"AndroidInfo":{"OPPONotifyLevel":2}}"#;
        let ours =
            r#"{"multiLanguageContent":[{},{"language":""}],"android":{"oppoNotifyLevel":2}}"#;
        for (json, field, path) in [
            (
                services,
                "android.oppo_notify_level",
                "AndroidInfo.OPPONotifyLevel",
            ),
            (ours, "android.oppo_notify_level", "android.oppoNotifyLevel"),
            (
                services,
                "multi_language_content[1].language",
                "MultiLanguageContent[1].Language",
            ),
            (
                ours,
                "multi_language_content[1].language",
                "multiLanguageContent[1].language",
            ),
            (services, "android.Newer", "AndroidInfo.Newer"),
            (
                ours,
                "apns.live_activity.la_id",
                "ApnsInfo.LiveActivity.LaId",
            ),
            ("no JSON", "push_template_id", "PushTemplateId"),
        ] {
            let field = format!("offline_push.{field}");
            assert_eq!(Spelling::of(json).path(&field), path, "{json}");
        }
    }

    #[test]
    fn names_within_a_message_are_those_of_the_text() {
        let message = "needs oppo_category; set oppo_category, such as IM, or title";
        assert_eq!(
            Spelling::of("{}").message(message),
            "needs OPPOCategory; set OPPOCategory, such as IM, or title"
        );
        assert_eq!(
            Spelling::of(r#"{"android":{"oppoCategory":null}}"#).message("é oppo_category"),
            "é oppoCategory"
        );
    }
}
