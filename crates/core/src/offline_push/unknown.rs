//! Advice on what this release does not know: the service may be newer, or a name may be misspelt.

use super::read::Names;
use super::{
    Advice, AdviceCode, AndroidInfo, ApnsInfo, BadgeMode, GooglePriority, HarmonyInfo, Importance,
    InterruptionLevel, LiveActivity, LiveActivityEvent, LocalizedText, MeizuNoticeMsgType,
    OfflinePushInfo, OppoNotifyLevel, PushFlag, PushStyle, VivoClassification, VivoNotifyType,
};
use crate::Extra;
use crate::quoted::quoted;

pub(super) fn of(push: &OfflinePushInfo) -> Vec<Advice> {
    let mut noted = Noted(Vec::new());
    noted.code(
        "push_flag",
        push.push_flag.map(PushFlag::code),
        PushFlag::CODES,
    );
    for (index, text) in push.multi_language_content.iter().enumerate() {
        let path = format!("multi_language_content[{index}].");
        noted.fields(&path, &text.extra, LocalizedText::names);
    }
    noted.android(&push.android);
    noted.apns(&push.apns);
    noted.fields("harmony.", &push.harmony.extra, HarmonyInfo::names);
    noted.fields("", &push.extra, OfflinePushInfo::names);
    noted.0
}

struct Noted(Vec<Advice>);

impl Noted {
    fn android(&mut self, android: &AndroidInfo) {
        let style = android.push_style.map(PushStyle::code);
        self.code("android.push_style", style, PushStyle::CODES);
        let level = android.oppo_notify_level.map(OppoNotifyLevel::code);
        self.code("android.oppo_notify_level", level, OppoNotifyLevel::CODES);
        let class = android.vivo_classification.map(VivoClassification::code);
        self.code(
            "android.vivo_classification",
            class,
            VivoClassification::CODES,
        );
        let notify = android
            .vivo_notify_type
            .as_ref()
            .map(VivoNotifyType::as_str);
        self.word("android.vivo_notify_type", notify, VivoNotifyType::WORDS);
        let importance = android.huawei_importance.as_ref().map(Importance::as_str);
        self.word("android.huawei_importance", importance, Importance::WORDS);
        let importance = android.honor_importance.as_ref().map(Importance::as_str);
        self.word("android.honor_importance", importance, Importance::WORDS);
        let priority = android.google_priority.as_ref().map(GooglePriority::as_str);
        self.word("android.google_priority", priority, GooglePriority::WORDS);
        let notice = android.meizu_notice_msg_type.map(MeizuNoticeMsgType::code);
        self.code(
            "android.meizu_notice_msg_type",
            notice,
            MeizuNoticeMsgType::CODES,
        );
        self.fields("android.", &android.extra, AndroidInfo::names);
    }

    fn apns(&mut self, apns: &ApnsInfo) {
        let mode = apns.badge_mode.map(BadgeMode::code);
        self.code("apns.badge_mode", mode, BadgeMode::CODES);
        let level = apns.interruption_level.as_ref();
        let level = level.map(InterruptionLevel::as_str);
        self.word("apns.interruption_level", level, InterruptionLevel::WORDS);
        if let Some(activity) = &apns.live_activity {
            let event = Some(activity.event.as_str());
            self.word("apns.live_activity.event", event, LiveActivityEvent::WORDS);
            self.fields("apns.live_activity.", &activity.extra, LiveActivity::names);
        }
        self.fields("apns.", &apns.extra, ApnsInfo::names);
    }

    fn code(&mut self, field: &str, code: Option<i64>, known: &[i64]) {
        if let Some(code) = code
            && !known.contains(&code)
        {
            let known: Vec<String> = known.iter().map(ToString::to_string).collect();
            let field = format!("offline_push.{field}");
            self.0
                .push(unknown_value(&field, &code.to_string(), &known));
        }
    }

    fn word(&mut self, field: &str, word: Option<&str>, known: &[&str]) {
        if let Some(word) = word
            && !known.contains(&word)
        {
            let field = format!("offline_push.{field}");
            self.0.push(unknown_word(&field, word, known));
        }
    }

    fn fields(&mut self, path: &str, extra: &Extra, names: fn() -> Names) {
        if extra.is_empty() {
            return;
        }
        let names = names();
        let path = format!("offline_push.{path}");
        self.0.extend(unknown_fields(&path, extra, &names.wire()));
    }
}

/// Advice on a word that is not among the `known`.
pub(crate) fn unknown_word(field: &str, word: &str, known: &[&str]) -> Advice {
    let known: Vec<String> = known.iter().map(|word| quoted(word)).collect();
    unknown_value(field, &quoted(word), &known)
}

fn unknown_value(field: &str, found: &str, known: &[String]) -> Advice {
    Advice::new(
        AdviceCode::UnknownValue,
        field,
        &format!("is {found}, which this release does not know: it travels as it is"),
        &format!("the vendor's reference has {}", one_of(known)),
    )
    .with("choices", one_of(known))
}

/// Advice on each further field of an object, whose fields are `known`.
pub(crate) fn unknown_fields(path: &str, extra: &Extra, known: &[&'static str]) -> Vec<Advice> {
    let advice = extra.iter().map(|(name, _)| {
        let fix = match like(name, known) {
            Some(known) => format!("did you mean {known}?"),
            None => "check its name against the vendor's reference".to_owned(),
        };
        Advice::new(
            AdviceCode::UnknownField,
            &format!("{path}{name}"),
            "is a field that this release does not know: it travels as it is",
            &fix,
        )
    });
    advice.collect()
}

/// The one of the `known` names that `name` looks like a slip of.
fn like(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let likeness = |known: &'static str| {
        let known = known.to_ascii_lowercase();
        strsim::normalized_damerau_levenshtein(&known, &name)
    };
    known
        .iter()
        .map(|known| (likeness(known), *known))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

fn one_of(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn advice(json: &Value) -> Vec<Advice> {
        let push = OfflinePushInfo::from_json(&json.to_string()).unwrap();
        assert_eq!(push.check(), Ok(()), "{json}");
        assert_eq!(serde_json::to_value(&push).unwrap(), *json);
        push.advice()
    }

    #[test]
    fn a_slip_is_sent_as_it_is_and_the_right_name_is_suggested() {
        for (slip, known) in [
            ("OPPONotifyLevl", "OPPONotifyLevel"),
            ("OppoNotifyLevel", "OPPONotifyLevel"),
            ("XiaoMiChannelId", "XiaoMiChannelID"),
            ("HuaWeiImportence", "HuaWeiImportance"),
        ] {
            let advice = advice(&json!({ "AndroidInfo": { slip: "x" } }));
            let [only] = advice.as_slice() else {
                panic!("{advice:?}");
            };
            assert_eq!(only.code, AdviceCode::UnknownField);
            assert_eq!(only.field, format!("offline_push.android.{slip}"));
            assert_eq!(only.fix, format!("did you mean {known}?"));
        }
    }

    #[test]
    fn a_field_of_tomorrow_travels_at_every_level_without_a_suggestion() {
        let newer = json!({ "deep": [1, null] });
        let push = json!({
            "Tomorrow": newer,
            "MultiLanguageContent": [{ "Language": "en", "Tomorrow": newer }],
            "AndroidInfo": { "Tomorrow": newer },
            "ApnsInfo": {
                "Tomorrow": newer,
                "LiveActivity": { "LaId": "a", "Event": "end", "ContentState": {}, "Tomorrow": newer },
            },
            "HarmonyInfo": { "Tomorrow": newer },
        });
        let advice = advice(&push);
        let fields: Vec<&str> = advice.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "offline_push.multi_language_content[0].Tomorrow",
                "offline_push.android.Tomorrow",
                "offline_push.apns.live_activity.Tomorrow",
                "offline_push.apns.Tomorrow",
                "offline_push.harmony.Tomorrow",
                "offline_push.Tomorrow",
            ]
        );
        for one in advice {
            assert!(one.fix.contains("vendor's reference"), "{one}");
        }
    }

    #[test]
    fn a_word_or_a_number_of_tomorrow_travels_with_advice() {
        for push in [
            json!({ "PushFlag": 2 }),
            json!({ "AndroidInfo": { "PushStyle": 2 } }),
            json!({ "AndroidInfo": { "OPPONotifyLevel": 3, "OPPOCategory": "IM" } }),
            json!({ "AndroidInfo": { "VIVOClassification": 2 } }),
            json!({ "AndroidInfo": { "VIVONotifyType": "5" } }),
            json!({ "AndroidInfo": { "HuaWeiImportance": "HIGH" } }),
            json!({ "AndroidInfo": { "HonorImportance": "" } }),
            json!({ "AndroidInfo": { "GooglePriority": "urgent" } }),
            json!({ "AndroidInfo": { "MeiZuNoticeMsgType": 2 } }),
            json!({ "ApnsInfo": { "BadgeMode": 2 } }),
            json!({ "ApnsInfo": { "InterruptionLevel": "loud" } }),
            json!({ "ApnsInfo": { "LiveActivity": { "LaId": "a", "Event": "start", "ContentState": {} } } }),
        ] {
            let codes: Vec<_> = advice(&push).iter().map(|one| one.code).collect();
            assert_eq!(codes, [AdviceCode::UnknownValue], "{push}");
        }
    }

    #[test]
    fn a_name_that_this_library_knows_is_no_further_field() {
        for (json, field) in [
            (r#"{"extra":{"Title":1}}"#, "offline_push.extra.Title"),
            (
                r#"{"android":{"extra":{"OPPONotifyLevel":1}}}"#,
                "offline_push.android.extra.OPPONotifyLevel",
            ),
        ] {
            let push = OfflinePushInfo::from_json(json).unwrap();
            assert_eq!(push.check().unwrap_err().problems()[0].field, field);
        }
        let both = r#"{"Newer":1,"extra":{"Newer":2}}"#;
        let invalid = OfflinePushInfo::from_json(both).unwrap_err();
        assert_eq!(invalid.problems()[0].rule, "stands there twice");
        let apart = r#"{"extra":{"Newer":12345678901234567890}}"#;
        let push = OfflinePushInfo::from_json(apart).unwrap();
        let sent = serde_json::to_string(&push).unwrap();
        assert_eq!(sent, r#"{"Newer":12345678901234567890}"#);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_stands_under_an_unknown_name_travels_unchanged(
            name in "[A-Z][A-Za-z]{0,12}9",
            value in any_json(),
            digits in "[1-9][0-9]{0,40}",
            level in prop::sample::select(vec!["", "AndroidInfo", "ApnsInfo", "HarmonyInfo"]),
        ) {
            for text in [value.to_string(), digits] {
                let member = format!("{{\"{name}\":{text}}}");
                let json = match level {
                    "" => member,
                    level => format!("{{\"{level}\":{member}}}"),
                };
                let push = OfflinePushInfo::from_json(&json).unwrap();
                prop_assert_eq!(push.check(), Ok(()));
                prop_assert_eq!(serde_json::to_string(&push).unwrap(), json);
            }
        }
    }
}
