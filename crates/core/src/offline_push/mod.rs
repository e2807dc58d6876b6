//! `OfflinePushInfo`: the notification that wakes the phone of a callee whose application is not running.
//! <https://trtc.io/document/77715>
//!
//! What the service refuses is a [`Problem`], and the request is not built. What will be sent as it is,
//! but not as its sender hopes, is [`Advice`]: a title that a vendor cuts, a packet that Apple refuses, a field or
//! a value that this release does not know. Advice never stands in the way.
//!
//! ```
//! use trtc_call_core::offline_push::{AndroidInfo, OfflinePushInfo, PushVendor};
//!
//! let mut push = OfflinePushInfo::new("Dr. Rose is calling", "Tap to answer");
//! push.android.huawei_category = Some("VOIP".to_owned());
//! push.apns.is_voip_push = Some(true);
//! push.check()?;
//! assert_eq!(push.shown_on(PushVendor::Vivo)[0].title.as_deref(), Some("Dr. Rose is calling"));
//! # Ok::<(), trtc_call_core::InvalidRequest>(())
//! ```

mod advice;
mod android;
mod apns;
mod flag;
mod harmony;
mod ignored;
mod json_object;
mod read;
mod rules;
mod shown;
mod spelling;
mod unknown;
mod wire_object;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::IgnoredAny;

pub use advice::{Advice, AdviceCode};
pub(crate) use advice::{of_call, of_push};
pub use android::{
    AndroidInfo, GooglePriority, Importance, MeizuNoticeMsgType, OppoNotifyLevel, PushStyle,
    VivoClassification, VivoNotifyType,
};
pub use apns::{ApnsInfo, BadgeMode, InterruptionLevel, LiveActivity, LiveActivityEvent};
pub use harmony::HarmonyInfo;
pub use json_object::JsonObject;
pub use shown::{PushVendor, Shown};
pub use spelling::Spelling;
pub(crate) use unknown::{unknown_fields, unknown_word};

use crate::problem::Problems;
use crate::quoted::quoted;
use crate::wire::open_code;
use crate::{Extra, InvalidRequest, Problem, ProblemCode};
use read::{Names, Reader};
use rules::Rules;

/// How much [`badge_add_num`](OfflinePushInfo::badge_add_num) may add.
pub const BADGE_ADD_NUM: std::ops::RangeInclusive<u32> = 1..=99;

/// The highest [`badge_set_num`](OfflinePushInfo::badge_set_num), which Apple's phones show; Huawei, Honor and
/// Harmony show at most 99.
pub const MAX_BADGE_SET_NUM: u32 = 999;

/// The notification for those who are offline. Every field may be left out.
///
/// Reads two spellings: the service's (`AndroidInfo`, `OPPONotifyLevel`) and this library's names in camelCase
/// (`android`, `oppoNotifyLevel`), and numbers and switches also as text; writes the service's, in the documented
/// type. A field that is neither is kept in `extra` and travels as it is, with [`Advice`]: the service may be newer
/// than this release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct OfflinePushInfo {
    /// Whether to push at all. The service pushes unless told otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push_flag: Option<PushFlag>,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// Title and text for users of other languages. No language twice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub multi_language_content: Vec<LocalizedText>,
    /// What the application is handed when the notification is tapped: JSON text, or some vendors drop it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ext: Option<String>,
    /// For Android phones.
    #[serde(rename = "AndroidInfo", skip_serializing_if = "is_empty")]
    pub android: AndroidInfo,
    /// For Apple's phones.
    #[serde(rename = "ApnsInfo", skip_serializing_if = "is_empty")]
    pub apns: ApnsInfo,
    /// For Harmony phones.
    #[serde(rename = "HarmonyInfo", skip_serializing_if = "is_empty")]
    pub harmony: HarmonyInfo,
    /// Adds to the number on the application's icon: 1 to 99.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 99)))]
    pub badge_add_num: Option<u32>,
    /// Sets the number on the application's icon: 0 to 999 (Apple), 0 to 99 (Huawei, Honor, Harmony). Wins
    /// over the number to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(range(max = 999)))]
    pub badge_set_num: Option<u32>,
    /// A template of the console, `{SDKAppID}-{number}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schemars(regex(pattern = "^[0-9]{1,20}-[0-9]{1,20}$"))
    )]
    pub push_template_id: Option<String>,
    /// What the template's variables stand for. The names `timTitle`, `timDesc`, `timSenderNick` and
    /// `timGroupName` are the service's own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schemars(schema_with = "template_parameters"))]
    pub push_template_param: BTreeMap<String, String>,
    /// Fields of the service's that this release does not know: they travel as they are.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    pub extra: Extra,
}

open_code! {
    /// Whether to push.
    PushFlag {
        /// Push when the callee is offline.
        WhenOffline = 0,
        /// Never push.
        Never = 1,
    }
}

/// Title and text in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct LocalizedText {
    /// The language, such as `en` or `zh-Hant`. Not empty.
    #[cfg_attr(feature = "openapi", schemars(length(min = 1)))]
    pub language: String,
    /// The title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// Fields of the service's that this release does not know: they travel as they are.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    pub extra: Extra,
}

impl LocalizedText {
    /// Title and text in `language`.
    pub fn new(
        language: impl Into<String>,
        title: impl Into<String>,
        desc: impl Into<String>,
    ) -> LocalizedText {
        LocalizedText {
            language: language.into(),
            title: Some(title.into()),
            desc: Some(desc.into()),
            extra: Extra::new(),
        }
    }

    fn read(reader: &mut Reader<'_, '_>) -> LocalizedText {
        let mut text = LocalizedText {
            // What is missing is noted.
            language: reader.required("Language", "language").unwrap_or_default(),
            ..LocalizedText::default()
        };
        reader.field("Title", "title", &mut text.title);
        reader.field("Desc", "desc", &mut text.desc);
        reader.extra(&mut text.extra);
        text
    }

    /// The names of its fields.
    fn names() -> Names {
        Names::asked_by(|reader| drop(LocalizedText::read(reader)))
    }
}

impl OfflinePushInfo {
    /// A notification with title and text, and the service's defaults.
    pub fn new(title: impl Into<String>, desc: impl Into<String>) -> OfflinePushInfo {
        OfflinePushInfo {
            title: Some(title.into()),
            desc: Some(desc.into()),
            ..OfflinePushInfo::default()
        }
    }

    /// Reads JSON in the service's spelling or in this library's.
    ///
    /// # Errors
    /// All problems of its form: it is not JSON, fields are twice there, missing or of another type. A
    /// problem's field is the path as it is spelt there, such as `offline_push.AndroidInfo.Sound`. The rules are
    /// checked by [`check`](Self::check).
    pub fn from_json(json: &str) -> Result<OfflinePushInfo, InvalidRequest> {
        let mut problems = Problems::default();
        let path = "offline_push".to_owned();
        let mut push = OfflinePushInfo::default();
        match serde_json::from_str::<IgnoredAny>(json) {
            Ok(_) => {
                read::object(path, json, &mut problems, &mut |reader| push.read(reader));
            }
            Err(error) => read::note(&mut problems, path, &format!("must be JSON: {error}")),
        }
        problems.into_result()?;
        Ok(push)
    }

    fn read(&mut self, reader: &mut Reader<'_, '_>) {
        reader.field("PushFlag", "pushFlag", &mut self.push_flag);
        reader.field("Title", "title", &mut self.title);
        reader.field("Desc", "desc", &mut self.desc);
        reader.objects(
            "MultiLanguageContent",
            "multiLanguageContent",
            &mut |reader| {
                let text = LocalizedText::read(reader);
                self.multi_language_content.push(text);
            },
        );
        reader.field("Ext", "ext", &mut self.ext);
        reader.object("AndroidInfo", "android", &mut |reader| {
            self.android.read(reader);
        });
        reader.object("ApnsInfo", "apns", &mut |reader| self.apns.read(reader));
        reader.object("HarmonyInfo", "harmony", &mut |reader| {
            self.harmony.read(reader);
        });
        reader.field("BadgeAddNum", "badgeAddNum", &mut self.badge_add_num);
        reader.field("BadgeSetNum", "badgeSetNum", &mut self.badge_set_num);
        reader.field(
            "PushTemplateId",
            "pushTemplateId",
            &mut self.push_template_id,
        );
        let mut parameters = None;
        reader.field("PushTemplateParam", "pushTemplateParam", &mut parameters);
        self.push_template_param = parameters.unwrap_or_default();
        reader.extra(&mut self.extra);
    }

    /// The names of its fields.
    fn names() -> Names {
        Names::asked_by(|reader| OfflinePushInfo::default().read(reader))
    }

    /// Whether it follows every documented rule.
    ///
    /// # Errors
    /// All problems, each with its path, such as `offline_push.android.oppo_notify_level`.
    pub fn check(&self) -> Result<(), InvalidRequest> {
        let mut problems = Problems::default();
        self.note_problems(&mut problems);
        problems.into_result()
    }

    /// What its sender should know before it is sent. It never stands in the way.
    #[must_use]
    pub fn advice(&self) -> Vec<Advice> {
        of_push(self)
    }

    /// What that vendor's phones will show: the text without a language first, then each language's.
    #[must_use]
    pub fn shown_on(&self, vendor: PushVendor) -> Vec<Shown> {
        shown::shown(self, vendor)
    }

    pub(crate) fn note_problems(&self, problems: &mut Problems) {
        let mut rules = Rules::of("offline_push", problems);
        self.note_language_problems(&mut rules);
        self.android.note_problems(&mut rules.within("android"));
        self.apns.note_problems(&mut rules.within("apns"));
        self.harmony.note_problems(&mut rules.within("harmony"));
        rules.range("badge_add_num", self.badge_add_num, &BADGE_ADD_NUM);
        rules.range(
            "badge_set_num",
            self.badge_set_num,
            &(0..=MAX_BADGE_SET_NUM),
        );
        if let Some(id) = &self.push_template_id
            && !is_template_id(id)
        {
            let found = quoted(id);
            let problem = Problem::new(
                "push_template_id",
                format!("must be SDKAppID and number, such as 1400000000-1, not {found}"),
                "copy the id out of the console",
            );
            rules.broken(problem.coded(ProblemCode::TemplateId));
        }
        for name in self.push_template_param.keys() {
            if RESERVED_PARAMETERS.contains(&name.as_str()) {
                let problem = Problem::new(
                    format!("push_template_param.{name}"),
                    "is the service's own name",
                    "choose another name for the template's variable",
                );
                rules.broken(problem.coded(ProblemCode::ReservedName));
            }
        }
        rules.extra(&self.extra, &OfflinePushInfo::names());
    }

    fn note_language_problems(&self, rules: &mut Rules<'_>) {
        for (index, text) in self.multi_language_content.iter().enumerate() {
            let field = format!("multi_language_content[{index}].language");
            let path = format!("multi_language_content[{index}]");
            rules
                .within(&path)
                .extra(&text.extra, &LocalizedText::names());
            let language = text.language.as_str();
            if language.is_empty() {
                let fix = "name the language, such as en";
                let problem = Problem::new(field, "must not be empty", fix);
                rules.broken(problem.coded(ProblemCode::Empty));
                continue;
            }
            let mut earlier = self.multi_language_content.iter().take(index);
            if let Some(first) = earlier.position(|other| other.language == language) {
                let problem = Problem::new(
                    field,
                    format!(
                        "{} is multi_language_content[{first}] already",
                        quoted(language)
                    ),
                    "name each language once",
                );
                let problem = problem.coded(ProblemCode::GivenTwice);
                rules.broken(problem.with("first", first));
            }
        }
    }
}

const RESERVED_PARAMETERS: [&str; 4] = ["timTitle", "timDesc", "timSenderNick", "timGroupName"];

fn is_template_id(id: &str) -> bool {
    let is_number = |text: &str| {
        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    id.split_once('-')
        .is_some_and(|(app, number)| is_number(app) && is_number(number))
}

fn is_empty(value: &impl Serialize) -> bool {
    serde_json::to_string(value).is_ok_and(|json| json == "{}")
}

#[cfg(feature = "openapi")]
fn template_parameters(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "additionalProperties": { "type": "string" },
        "propertyNames": { "not": { "enum": RESERVED_PARAMETERS } },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fields(push: &OfflinePushInfo) -> Vec<String> {
        match push.check() {
            Ok(()) => Vec::new(),
            Err(invalid) => {
                let problems = invalid.problems().iter();
                problems.map(|problem| problem.field.clone()).collect()
            }
        }
    }

    fn read(json: &Value) -> Result<OfflinePushInfo, InvalidRequest> {
        OfflinePushInfo::from_json(&json.to_string())
    }

    /// Every field there is, as the service spells it.
    fn everything() -> Value {
        json!({
            "PushFlag": 0,
            "Title": "title",
            "Desc": "desc",
            "MultiLanguageContent": [{ "Language": "en", "Title": "t", "Desc": "d" }],
            "Ext": "{}",
            "AndroidInfo": {
                "Sound": "shake",
                "PushStyle": 1,
                "XiaoMiChannelID": "x",
                "OPPOChannelID": "o",
                "OPPOCategory": "IM",
                "OPPOPrivateMsgTemplateId": "p",
                "OPPOPrivateTitleParameters": { "a": "b" },
                "OPPOPrivateContentParameters": { "c": 1 },
                "OPPONotifyLevel": 16,
                "VIVOClassification": 1,
                "VIVOCategory": "IM",
                "VIVONotifyType": "4",
                "HuaWeiImportance": "NORMAL",
                "HuaWeiCategory": "VOIP",
                "HuaWeiImage": "https://example.com/a.png",
                "HuaWeiChannelID": "h",
                "HonorImage": "https://example.com/a.png",
                "HonorImportance": "LOW",
                "ExtAsHuaweiIntentParam": 1,
                "GoogleImage": "https://example.com/a.png",
                "GooglePriority": "high",
                "GoogleChannelID": "g",
                "MeiZuNoticeMsgType": 1,
            },
            "ApnsInfo": {
                "BadgeMode": 1,
                "Title": "t",
                "SubTitle": "s",
                "Image": "https://example.com/a.png",
                "MutableContent": 1,
                "Sound": "ring.caf",
                "InterruptionLevel": "time-sensitive",
                "ContentAvailable": 1,
                "IsVoipPush": 1,
                "LiveActivity": {
                    "LaId": "la",
                    "Event": "end",
                    "ContentState": { "deep": { "er": [1, 2.5, null] } },
                    "DismissalDate": 1_700_000_000,
                },
            },
            "HarmonyInfo": {
                "Title": "t",
                "Category": "IM",
                "Image": "https://example.com/a.png",
                "Sound": "ring.wav",
                "SoundDuration": 60,
            },
            "BadgeAddNum": 1,
            "BadgeSetNum": 999,
            "PushTemplateId": "1400000000-7",
            "PushTemplateParam": { "name": "Rose" },
        })
    }

    /// The same in this library's names.
    fn everything_in_our_names() -> Value {
        json!({
            "pushFlag": 0,
            "title": "title",
            "desc": "desc",
            "multiLanguageContent": [{ "language": "en", "title": "t", "desc": "d" }],
            "ext": "{}",
            "android": {
                "sound": "shake",
                "pushStyle": 1,
                "xiaomiChannelId": "x",
                "oppoChannelId": "o",
                "oppoCategory": "IM",
                "oppoPrivateMsgTemplateId": "p",
                "oppoPrivateTitleParameters": { "a": "b" },
                "oppoPrivateContentParameters": { "c": 1 },
                "oppoNotifyLevel": 16,
                "vivoClassification": 1,
                "vivoCategory": "IM",
                "vivoNotifyType": "4",
                "huaweiImportance": "NORMAL",
                "huaweiCategory": "VOIP",
                "huaweiImage": "https://example.com/a.png",
                "huaweiChannelId": "h",
                "honorImage": "https://example.com/a.png",
                "honorImportance": "LOW",
                "extAsHuaweiIntentParam": true,
                "googleImage": "https://example.com/a.png",
                "googlePriority": "high",
                "googleChannelId": "g",
                "meizuNoticeMsgType": 1,
            },
            "apns": {
                "badgeMode": 1,
                "title": "t",
                "subTitle": "s",
                "image": "https://example.com/a.png",
                "mutableContent": true,
                "sound": "ring.caf",
                "interruptionLevel": "time-sensitive",
                "contentAvailable": true,
                "isVoipPush": true,
                "liveActivity": {
                    "laId": "la",
                    "event": "end",
                    "contentState": { "deep": { "er": [1, 2.5, null] } },
                    "dismissalDate": 1_700_000_000,
                },
            },
            "harmony": {
                "title": "t",
                "category": "IM",
                "image": "https://example.com/a.png",
                "sound": "ring.wav",
                "soundDuration": 60,
            },
            "badgeAddNum": 1,
            "badgeSetNum": 999,
            "pushTemplateId": "1400000000-7",
            "pushTemplateParam": { "name": "Rose" },
        })
    }

    #[test]
    fn both_spellings_of_every_field_are_read_and_the_services_is_written() {
        let push = read(&everything()).unwrap();
        assert_eq!(read(&everything_in_our_names()).unwrap(), push);
        assert_eq!(serde_json::to_value(&push).unwrap(), everything());
        assert_eq!(fields(&push), [""; 0]);
    }

    #[test]
    fn what_is_not_set_is_not_sent() {
        let push = OfflinePushInfo::new("t", "d");
        let sent = serde_json::to_value(&push).unwrap();
        assert_eq!(sent, json!({ "Title": "t", "Desc": "d" }));
        assert_eq!(
            serde_json::to_value(OfflinePushInfo::default()).unwrap(),
            json!({})
        );
        let mut push = OfflinePushInfo::default();
        push.apns.is_voip_push = Some(false);
        push.apns.mutable_content = Some(false);
        let sent = serde_json::to_value(&push).unwrap();
        assert_eq!(sent, json!({ "ApnsInfo": { "MutableContent": 0 } }));
    }

    #[test]
    fn json_of_another_form_is_refused_with_its_path() {
        for (json, field) in [
            ("", "offline_push"),
            ("[]", "offline_push"),
            ("{} {}", "offline_push"),
            ("{", "offline_push"),
            (r#"{"Title":1}"#, "offline_push.Title"),
            (r#"{"Title":"a","title":"b"}"#, "offline_push.title"),
            (r#"{"Title":"a","Title":"b"}"#, "offline_push.Title"),
            (
                r#"{"AndroidInfo":{"Newer":1,"Newer":2}}"#,
                "offline_push.AndroidInfo.Newer",
            ),
            (
                r#"{"android":{"pushStyle":"one"}}"#,
                "offline_push.android.pushStyle",
            ),
            (
                r#"{"apns":{"isVoipPush":2}}"#,
                "offline_push.apns.isVoipPush",
            ),
            (
                r#"{"apns":{"liveActivity":{"event":"end","contentState":{}}}}"#,
                "offline_push.apns.liveActivity.LaId",
            ),
            (
                r#"{"apns":{"liveActivity":{"laId":"a","event":"end"}}}"#,
                "offline_push.apns.liveActivity.ContentState",
            ),
            (r#"{"android":{"extra":[]}}"#, "offline_push.android.extra"),
            (r#"{"badgeAddNum":-1}"#, "offline_push.badgeAddNum"),
            (
                r#"{"multiLanguageContent":[{}]}"#,
                "offline_push.multiLanguageContent[0].Language",
            ),
        ] {
            let invalid = OfflinePushInfo::from_json(json).unwrap_err();
            let [problem] = invalid.problems() else {
                panic!("{json}: {invalid}");
            };
            assert_eq!(problem.field, field, "{json}: {problem}");
        }
    }

    #[test]
    fn all_that_is_wrong_with_the_form_is_reported_at_once() {
        let json =
            r#"{"Titel":1,"Desc":1,"apns":{"liveActivity":{}},"android":[],"badgeAddNum":1.5}"#;
        let invalid = OfflinePushInfo::from_json(json).unwrap_err();
        let found: Vec<&str> = invalid
            .problems()
            .iter()
            .map(|p| p.field.as_str())
            .collect();
        assert_eq!(
            found,
            [
                "offline_push.Desc",
                "offline_push.android",
                "offline_push.apns.liveActivity.LaId",
                "offline_push.apns.liveActivity.Event",
                "offline_push.apns.liveActivity.ContentState",
                "offline_push.badgeAddNum",
            ]
        );
    }

    #[test]
    fn null_is_as_good_as_nothing() {
        let nulls = json!({ "Title": null, "android": null, "multiLanguageContent": null });
        assert_eq!(read(&nulls).unwrap(), OfflinePushInfo::default());
    }

    #[test]
    fn every_broken_rule_is_reported_with_its_path() {
        let push = read(&json!({
            "MultiLanguageContent": [
                { "Language": "" }, { "Language": "en" }, { "Language": "en" },
            ],
            "AndroidInfo": {
                "OPPONotifyLevel": 2,
                "HuaWeiImage": "http://example.com/a.png",
                "HonorImage": "example.com",
            },
            "ApnsInfo": {
                "LiveActivity": { "LaId": "é".repeat(33), "Event": "end", "ContentState": {} },
            },
            "HarmonyInfo": { "Image": "x", "SoundDuration": 61 },
            "BadgeAddNum": 0,
            "BadgeSetNum": 1000,
            "PushTemplateId": "7",
            "PushTemplateParam": { "timTitle": "x" },
        }))
        .unwrap();
        assert_eq!(
            fields(&push),
            [
                "offline_push.multi_language_content[0].language",
                "offline_push.multi_language_content[2].language",
                "offline_push.android.oppo_notify_level",
                "offline_push.android.huawei_image",
                "offline_push.android.honor_image",
                "offline_push.apns.live_activity.la_id",
                "offline_push.harmony.image",
                "offline_push.harmony.sound_duration",
                "offline_push.badge_add_num",
                "offline_push.badge_set_num",
                "offline_push.push_template_id",
                "offline_push.push_template_param.timTitle",
            ]
        );
    }

    #[test]
    fn numbers_and_switches_are_read_as_text_too_and_written_in_the_documented_type() {
        let read = |json: Value| serde_json::to_value(read(&json).unwrap()).unwrap();
        let numbers = json!({
            "PushFlag": 0,
            "AndroidInfo": { "VIVOClassification": 1, "VIVONotifyType": "4", "OPPONotifyLevel": 16 },
            "ApnsInfo": { "IsVoipPush": 1, "MutableContent": 0 },
            "BadgeSetNum": 5,
        });
        let texts = json!({
            "PushFlag": "0",
            "AndroidInfo": { "VIVOClassification": "1", "VIVONotifyType": 4, "OPPONotifyLevel": "16" },
            "ApnsInfo": { "IsVoipPush": "1", "MutableContent": "0" },
            "BadgeSetNum": "5",
        });
        assert_eq!(read(texts), numbers);
        assert_eq!(read(numbers.clone()), numbers);
    }

    #[test]
    fn values_at_their_limits_are_taken() {
        for (field, value, valid) in [
            ("BadgeAddNum", json!(1), true),
            ("BadgeAddNum", json!(99), true),
            ("BadgeAddNum", json!(100), false),
            ("BadgeSetNum", json!(0), true),
            ("BadgeSetNum", json!(999), true),
            ("PushTemplateId", json!("1-1"), true),
            ("PushTemplateId", json!("1-"), false),
            ("PushTemplateId", json!("a-1"), false),
            ("PushTemplateId", json!("1-2-3"), false),
            (
                "HarmonyInfo",
                json!({ "Sound": "a", "SoundDuration": 1 }),
                true,
            ),
            (
                "HarmonyInfo",
                json!({ "Sound": "a", "SoundDuration": 0 }),
                false,
            ),
            ("HarmonyInfo", json!({ "SoundDuration": 1 }), true),
            ("AndroidInfo", json!({ "OPPONotifyLevel": 1 }), false),
            (
                "AndroidInfo",
                json!({ "OPPONotifyLevel": 1, "OPPOCategory": "IM" }),
                true,
            ),
        ] {
            let push = read(&json!({ field: value })).unwrap();
            assert_eq!(push.check().is_ok(), valid, "{field} {value}");
        }
    }
}
