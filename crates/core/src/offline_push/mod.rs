//! `OfflinePushInfo`: the notification that wakes the phone of a callee whose application is not running.
//! <https://trtc.io/document/77715>
//!
//! What breaks a documented rule is a [`Problem`], and the request is not built. What will be sent as it is,
//! but not as its sender hopes, is [`Advice`]: a title that a vendor cuts, a packet that Apple refuses. Advice
//! never stands in the way.
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
mod rules;
mod shown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use advice::{Advice, AdviceCode};
pub(crate) use advice::{of_call, of_push};
pub use android::{
    AndroidInfo, GooglePriority, Importance, MeizuNoticeMsgType, OppoNotifyLevel, PushStyle,
    VivoClassification, VivoNotifyType,
};
pub use apns::{ApnsInfo, BadgeMode, InterruptionLevel, LiveActivity, LiveActivityEvent};
pub use harmony::HarmonyInfo;
pub use shown::{PushVendor, Shown};

use crate::problem::Problems;
use crate::wire::open_code;
use crate::{InvalidRequest, Problem};
use rules::Rules;

/// How much [`badge_add_num`](OfflinePushInfo::badge_add_num) may add.
pub const BADGE_ADD_NUM: std::ops::RangeInclusive<u32> = 1..=99;

/// The highest [`badge_set_num`](OfflinePushInfo::badge_set_num), which Apple's phones show; Huawei, Honor and
/// Harmony show at most 99.
pub const MAX_BADGE_SET_NUM: u32 = 999;

/// The notification for those who are offline. Every field may be left out.
///
/// Reads two spellings: the service's (`AndroidInfo`, `OPPONotifyLevel`) and this library's names in camelCase
/// (`android`, `oppoNotifyLevel`); a field that is neither is an error. Writes the service's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "PascalCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct OfflinePushInfo {
    /// Whether to push at all. The service pushes unless told otherwise.
    #[serde(alias = "pushFlag", skip_serializing_if = "Option::is_none")]
    pub push_flag: Option<PushFlag>,
    /// The title.
    #[serde(alias = "title", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text below the title.
    #[serde(alias = "desc", skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
    /// Title and text for users of other languages. No language twice.
    #[serde(alias = "multiLanguageContent", skip_serializing_if = "Vec::is_empty")]
    pub multi_language_content: Vec<LocalizedText>,
    /// What the application is handed when the notification is tapped: JSON text, or some vendors drop it.
    #[serde(alias = "ext", skip_serializing_if = "Option::is_none")]
    pub ext: Option<String>,
    /// For Android phones.
    #[serde(
        rename = "AndroidInfo",
        alias = "android",
        skip_serializing_if = "is_default"
    )]
    pub android: AndroidInfo,
    /// For Apple's phones.
    #[serde(
        rename = "ApnsInfo",
        alias = "apns",
        skip_serializing_if = "is_default"
    )]
    pub apns: ApnsInfo,
    /// For Harmony phones.
    #[serde(
        rename = "HarmonyInfo",
        alias = "harmony",
        skip_serializing_if = "is_default"
    )]
    pub harmony: HarmonyInfo,
    /// Adds to the number on the application's icon: 1 to 99.
    #[serde(alias = "badgeAddNum", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 99)))]
    pub badge_add_num: Option<u32>,
    /// Sets the number on the application's icon: 0 to 999 (Apple), 0 to 99 (Huawei, Honor, Harmony). Wins
    /// over `badge_add_num`.
    #[serde(alias = "badgeSetNum", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(range(max = 999)))]
    pub badge_set_num: Option<u32>,
    /// A template of the console, `{SDKAppID}-{number}`.
    #[serde(alias = "pushTemplateId", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schemars(regex(pattern = "^[0-9]{1,20}-[0-9]{1,20}$"))
    )]
    pub push_template_id: Option<String>,
    /// What the template's variables stand for. The names `timTitle`, `timDesc`, `timSenderNick` and
    /// `timGroupName` are the service's own.
    #[serde(
        alias = "pushTemplateParam",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[cfg_attr(feature = "openapi", schemars(schema_with = "template_parameters"))]
    pub push_template_param: BTreeMap<String, String>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct LocalizedText {
    /// The language, such as `en` or `zh-Hant`. Not empty.
    #[serde(alias = "language")]
    #[cfg_attr(feature = "openapi", schemars(length(min = 1)))]
    pub language: String,
    /// The title.
    #[serde(alias = "title", skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The text below the title.
    #[serde(alias = "desc", skip_serializing_if = "Option::is_none")]
    pub desc: Option<String>,
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
        }
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
    /// If it is not JSON, a field is unknown, twice there or of another type. The problem's field is the path
    /// as it is spelt there, such as `offline_push.AndroidInfo.Sound`. The rules are checked by
    /// [`check`](Self::check), all at once.
    pub fn from_json(json: &str) -> Result<OfflinePushInfo, Problem> {
        let not_an_object = || {
            Problem::new(
                "offline_push",
                "must be a JSON object",
                r#"write, for instance, {"title":"Rose is calling"}"#,
            )
        };
        // A derived `Deserialize` would take a JSON array for a struct.
        if !json.trim_start().starts_with('{') {
            return Err(not_an_object());
        }
        let mut reader = serde_json::Deserializer::from_str(json);
        let push: OfflinePushInfo =
            serde_path_to_error::deserialize(&mut reader).map_err(|error| {
                let path = error.path().to_string();
                let field = match path.as_str() {
                    "." => "offline_push".to_owned(),
                    path => format!("offline_push.{path}"),
                };
                Problem::new(
                    field,
                    format!("cannot be read: {}", error.inner()),
                    "write it as the service's reference does, or in this library's names",
                )
            })?;
        reader.end().map_err(|_| not_an_object())?;
        Ok(push)
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
        rules.known_code(
            "push_flag",
            self.push_flag.map(PushFlag::code),
            PushFlag::CODES,
        );
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
            rules.broken(
                "push_template_id",
                format!("must be SDKAppID and number, such as 1400000000-1, not {id:?}"),
                "copy the id out of the console",
            );
        }
        for name in self.push_template_param.keys() {
            if RESERVED_PARAMETERS.contains(&name.as_str()) {
                rules.broken(
                    &format!("push_template_param.{name}"),
                    "is the service's own name",
                    "choose another name for the template's variable",
                );
            }
        }
    }

    fn note_language_problems(&self, rules: &mut Rules<'_>) {
        let mut first_seen = BTreeMap::new();
        for (index, text) in self.multi_language_content.iter().enumerate() {
            let field = format!("multi_language_content[{index}].language");
            let language = text.language.as_str();
            if language.is_empty() {
                rules.broken(&field, "must not be empty", "name the language, such as en");
            } else if let Some(first) = first_seen.get(language) {
                rules.broken(
                    &field,
                    format!("{language:?} is multi_language_content[{first}] already"),
                    "name each language once",
                );
            } else {
                first_seen.insert(language, index);
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

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(feature = "openapi")]
fn template_parameters(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "additionalProperties": { "type": "string" },
        "propertyNames": { "not": { "enum": RESERVED_PARAMETERS } },
    })
}

/// An object of the service in which every field may be left out, each in two spellings: the service's, which
/// is written, and this library's, which is read too.
macro_rules! wire_object {
    (
        $(#[$meta:meta])*
        $name:ident {
            $($(#[$field_meta:meta])* $field:ident: $type:ty = $wire:literal | $own:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
        #[serde(default, deny_unknown_fields)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(rename = $wire, alias = $own, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
        }
    };
}

use wire_object;
