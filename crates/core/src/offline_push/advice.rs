//! What a sender should know before a call is sent, though it breaks no rule.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::shown::{Text, cut, texts, utf16_length};
use super::{OfflinePushInfo, PushFlag, PushVendor, ignored, unknown};
use crate::problem::javascript_path;
use crate::word::serialize_as_word;

/// How many people the vendor's call kits show in a call, the caller included.
const MAX_SHOWN_IN_CALL: usize = 9;

/// Apple takes packets of 4 KB. The service adds its own part, and advises to keep description and Ext under
/// this many bytes.
const MAX_DESC_AND_EXT_BYTES: usize = 3 * 1024;

/// The highest number that Huawei, Honor and Harmony show on an icon.
const MAX_COMMON_BADGE: u32 = 99;

/// Something that will not go as the sender hopes. The request is sent all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Advice {
    /// What kind of thing.
    pub code: AdviceCode,
    /// The path of the field, such as `offline_push.title`.
    pub field: String,
    /// What will happen.
    pub message: String,
    /// What to do about it.
    pub fix: String,
    /// On whose phones, where it depends on the vendor.
    pub vendor: Option<PushVendor>,
    /// For a text that will be cut: what the phone will show of it.
    pub shown: Option<String>,
    /// What the advice is about: limits, and what was found, for programs that say it in words of their own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<&'static str, Value>,
}

/// What an [`Advice`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AdviceCode {
    /// A vendor's phones cut a title or a description.
    TextCut,
    /// `ext` is not JSON text: some Android vendors drop it.
    ExtNotJson,
    /// The packet is too large for Apple's phones.
    ApnsPacketTooLarge,
    /// A phone without a VoIP token gets a plain push, and there is no text for it.
    VoipWithoutFallback,
    /// More people than the call kits show.
    ManyInCall,
    /// The push flag says never, so that nothing else is used.
    NeverPushed,
    /// Both badge numbers are there; the set one wins.
    BadgeAddIgnored,
    /// The badge number is more than some vendors show.
    BadgeTooHighForSome,
    /// A template's parameters are there, and its id is not.
    ParametersWithoutTemplate,
    /// A ring tone's name has a suffix where the vendor's page wants none, or none where it wants one.
    SoundSuffix,
    /// A ring tone's duration is there, and the ring tone is not.
    SoundDurationIgnored,
    /// A live activity is told when to disappear, and does not end.
    DismissalDateIgnored,
    /// A private template is there, and the category is one of marketing, for which it is not used.
    TemplateIgnored,
    /// The push wakes the application and shows nothing.
    SilentPush,
    /// A field that this release does not know. It travels as it is.
    UnknownField,
    /// A word or a number that this release does not know. It travels as it is.
    UnknownValue,
    /// Records are asked for from before the first there can be: the time was moved there.
    StartTimeMoved,
    /// Records are asked for until before the first there can be.
    RecordsGone,
    /// Records are asked for from a time in the future on.
    NoRecordYet,
}

serialize_as_word!(AdviceCode by code);

impl AdviceCode {
    /// A stable string for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            AdviceCode::TextCut => "text_cut",
            AdviceCode::ExtNotJson => "ext_not_json",
            AdviceCode::ApnsPacketTooLarge => "apns_packet_too_large",
            AdviceCode::VoipWithoutFallback => "voip_without_fallback",
            AdviceCode::ManyInCall => "many_in_call",
            AdviceCode::NeverPushed => "never_pushed",
            AdviceCode::BadgeAddIgnored => "badge_add_ignored",
            AdviceCode::BadgeTooHighForSome => "badge_too_high_for_some",
            AdviceCode::ParametersWithoutTemplate => "parameters_without_template",
            AdviceCode::SoundSuffix => "sound_suffix",
            AdviceCode::SoundDurationIgnored => "sound_duration_ignored",
            AdviceCode::DismissalDateIgnored => "dismissal_date_ignored",
            AdviceCode::TemplateIgnored => "template_ignored",
            AdviceCode::SilentPush => "silent_push",
            AdviceCode::UnknownField => "unknown_field",
            AdviceCode::UnknownValue => "unknown_value",
            AdviceCode::StartTimeMoved => "start_time_moved",
            AdviceCode::RecordsGone => "records_gone",
            AdviceCode::NoRecordYet => "no_record_yet",
        }
    }
}

impl Advice {
    /// The same advice, its field named as JavaScript's callers write it.
    #[must_use]
    pub fn in_javascript(mut self) -> Advice {
        self.field = javascript_path(&self.field);
        self
    }

    pub(crate) fn new(code: AdviceCode, field: &str, message: &str, fix: &str) -> Advice {
        Advice {
            code,
            field: field.to_owned(),
            message: message.to_owned(),
            fix: fix.to_owned(),
            vendor: None,
            shown: None,
            parameters: BTreeMap::new(),
        }
    }

    /// The same advice, with a parameter.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Advice {
        self.parameters.insert(name, value.into());
        self
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.field, self.message, self.fix)
    }
}

/// Advice on a call with so many callees.
pub(crate) fn of_call(callees: usize) -> Option<Advice> {
    let people = callees + 1;
    if people <= MAX_SHOWN_IN_CALL {
        return None;
    }
    Some(Advice::new(
        AdviceCode::ManyInCall,
        "callees",
        &format!(
            "{people} people are in the call, the robot included; the call kits show {MAX_SHOWN_IN_CALL}"
        ),
        "call fewer people, or have an interface of your own",
    ).with("people", people).with("max", MAX_SHOWN_IN_CALL))
}

pub(crate) fn of_push(push: &OfflinePushInfo) -> Vec<Advice> {
    let mut advice = Vec::new();
    if push.push_flag == Some(PushFlag::Never) {
        note_never_pushed(push, &mut advice);
        return advice;
    }
    let texts = texts(push);
    for text in &texts {
        note_cut(push, text, &mut advice);
    }
    note_ext_not_json(push, &mut advice);
    note_large_apns_packet(push, &texts, &mut advice);
    note_voip_without_fallback(push, &mut advice);
    note_badges(push, &mut advice);
    note_parameters_without_template(push, &mut advice);
    advice.extend(ignored::of(push));
    advice.extend(unknown::of(push));
    advice
}

fn note_never_pushed(push: &OfflinePushInfo, advice: &mut Vec<Advice>) {
    // Asked of what is written: a switch that is off is not.
    let flag_alone = OfflinePushInfo {
        push_flag: push.push_flag,
        ..OfflinePushInfo::default()
    };
    let written = |push| serde_json::to_string(push).unwrap_or_default();
    if written(push) != written(&flag_alone) {
        advice.push(Advice::new(
            AdviceCode::NeverPushed,
            "offline_push.push_flag",
            "is never: nobody who is offline will notice the call, and the rest of the push is not used",
            "remove the flag, or everything else",
        ));
    }
}

fn note_cut(push: &OfflinePushInfo, text: &Text<'_>, advice: &mut Vec<Advice>) {
    let style = push.android.push_style;
    for vendor in PushVendor::ALL {
        for (name, whole, limit) in [
            (".title", text.title, vendor.max_title()),
            (".desc", text.desc, vendor.max_desc(style)),
        ] {
            let Some(whole) = whole else { continue };
            let Some(shown) = cut(whole, limit) else {
                continue;
            };
            let message = format!(
                "{} phones cut it after {limit} UTF-16 units; it has {}",
                vendor.name(),
                utf16_length(whole)
            );
            let mut cut = Advice::new(
                AdviceCode::TextCut,
                &format!("{}{name}", text.path),
                &message,
                "shorten it, or say what matters first",
            );
            cut.vendor = Some(vendor);
            cut.shown = Some(shown);
            advice.push(cut.with("max", limit).with("found", utf16_length(whole)));
        }
    }
}

fn note_ext_not_json(push: &OfflinePushInfo, advice: &mut Vec<Advice>) {
    if let Some(ext) = &push.ext
        && let Err(error) = serde_json::from_str::<IgnoredAny>(ext)
    {
        advice.push(Advice::new(
            AdviceCode::ExtNotJson,
            "offline_push.ext",
            &format!("is not JSON ({error}): some Android vendors drop it"),
            r#"write it as JSON text, such as {"entity":{"key":"value"}}"#,
        ));
    }
}

fn note_large_apns_packet(push: &OfflinePushInfo, texts: &[Text<'_>], advice: &mut Vec<Advice>) {
    let length = |text: Option<&str>| text.map_or(0, str::len);
    let (mut path, mut desc_bytes) = ("", 0);
    for text in texts {
        if length(text.desc) >= desc_bytes {
            (path, desc_bytes) = (&text.path, length(text.desc));
        }
    }
    let ext_bytes = length(push.ext.as_deref());
    let bytes = desc_bytes + ext_bytes;
    if bytes >= MAX_DESC_AND_EXT_BYTES {
        let field = if desc_bytes > ext_bytes {
            format!("{path}.desc")
        } else {
            "offline_push.ext".to_owned()
        };
        advice.push(Advice::new(
            AdviceCode::ApnsPacketTooLarge,
            &field,
            &format!(
                "desc and ext are {bytes} bytes together: from {MAX_DESC_AND_EXT_BYTES} on, the packet may \
                 exceed the 4 KB that Apple takes, and is not delivered"
            ),
            "keep the two under 3 KB",
        ).with("bytes", bytes).with("max", MAX_DESC_AND_EXT_BYTES));
    }
}

fn note_voip_without_fallback(push: &OfflinePushInfo, advice: &mut Vec<Advice>) {
    let is_empty = |text: &Option<String>| text.as_ref().is_none_or(String::is_empty);
    let has_no_text = is_empty(&push.title)
        && is_empty(&push.desc)
        && is_empty(&push.apns.title)
        && push.push_template_id.is_none();
    if push.apns.is_voip_push == Some(true) && has_no_text {
        advice.push(Advice::new(
            AdviceCode::VoipWithoutFallback,
            "offline_push.apns.is_voip_push",
            "a phone without a VoIP token gets a plain push instead, and there is no text for it",
            "set title and desc",
        ));
    }
}

fn note_badges(push: &OfflinePushInfo, advice: &mut Vec<Advice>) {
    if push.badge_add_num.is_some() && push.badge_set_num.is_some() {
        advice.push(Advice::new(
            AdviceCode::BadgeAddIgnored,
            "offline_push.badge_add_num",
            "badge_set_num is there too, and wins",
            "remove one of the two",
        ));
    }
    if let Some(number) = push.badge_set_num
        && number > MAX_COMMON_BADGE
    {
        advice.push(
            Advice::new(
                AdviceCode::BadgeTooHighForSome,
                "offline_push.badge_set_num",
                &format!("Huawei, Honor and Harmony take at most {MAX_COMMON_BADGE}, not {number}"),
                "set 99 or less if these are to show it",
            )
            .with("max", MAX_COMMON_BADGE)
            .with("found", number),
        );
    }
}

fn note_parameters_without_template(push: &OfflinePushInfo, advice: &mut Vec<Advice>) {
    let android = &push.android;
    let has_template = android.oppo_private_msg_template_id.is_some();
    for (field, is_there, template, has_template) in [
        (
            "android.oppo_private_title_parameters",
            android.oppo_private_title_parameters.is_some(),
            "oppo_private_msg_template_id",
            has_template,
        ),
        (
            "android.oppo_private_content_parameters",
            android.oppo_private_content_parameters.is_some(),
            "oppo_private_msg_template_id",
            has_template,
        ),
        (
            "push_template_param",
            !push.push_template_param.is_empty(),
            "push_template_id",
            push.push_template_id.is_some(),
        ),
    ] {
        if is_there && !has_template {
            advice.push(Advice::new(
                AdviceCode::ParametersWithoutTemplate,
                &format!("offline_push.{field}"),
                &format!("is used with {template} only, which is not there"),
                "name the template, or remove its parameters",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offline_push::LocalizedText;

    fn codes(push: &OfflinePushInfo) -> Vec<(&'static str, String)> {
        push.advice()
            .into_iter()
            .map(|advice| (advice.code.code(), advice.field))
            .collect()
    }

    #[test]
    fn a_plain_push_needs_no_advice() {
        let mut push = OfflinePushInfo::new("Rose is calling", "Tap to answer");
        push.ext = Some(r#"{"entity":{}}"#.to_owned());
        push.apns.is_voip_push = Some(true);
        assert_eq!(push.advice(), []);
        assert_eq!(OfflinePushInfo::default().advice(), []);
    }

    #[test]
    fn a_long_title_is_shown_as_each_vendor_cuts_it() {
        let push = OfflinePushInfo::new("x".repeat(51), "");
        let cuts: Vec<_> = push
            .advice()
            .into_iter()
            .map(|advice| (advice.vendor.unwrap().name(), advice.shown.unwrap().len()))
            .collect();
        assert_eq!(
            cuts,
            [
                ("Honor", 50),
                ("Xiaomi", 50),
                ("OPPO", 50),
                ("vivo", 40),
                ("Meizu", 32)
            ]
        );
    }

    #[test]
    fn the_texts_of_every_language_are_looked_at() {
        let mut push = OfflinePushInfo::new("Rose", "");
        push.multi_language_content
            .push(LocalizedText::new("zh", "", "用".repeat(101)));
        let vivo = push
            .advice()
            .into_iter()
            .find(|advice| advice.vendor == Some(PushVendor::Vivo))
            .unwrap();
        assert_eq!(vivo.field, "offline_push.multi_language_content[0].desc");
        assert_eq!(vivo.shown.unwrap(), format!("{}...", "用".repeat(97)));
    }

    #[test]
    fn ext_should_be_json() {
        let push = OfflinePushInfo {
            ext: Some("key=value".to_owned()),
            ..OfflinePushInfo::default()
        };
        assert_eq!(
            codes(&push),
            [("ext_not_json", "offline_push.ext".to_owned())]
        );
    }

    #[test]
    fn desc_and_ext_should_stay_under_3_kb_for_apple() {
        // A description that every vendor shows whole is short; so Ext is what is large.
        let mut push = OfflinePushInfo::new("", "x".repeat(50));
        push.ext = Some(format!("\"{}\"", "x".repeat(3072 - 50 - 2 - 1)));
        assert_eq!(push.advice(), []);
        push.desc = Some("x".repeat(49) + "é");
        assert_eq!(
            codes(&push),
            [("apns_packet_too_large", "offline_push.ext".to_owned())]
        );
    }

    #[test]
    fn a_voip_push_should_have_a_text_to_fall_back_to() {
        let mut push = OfflinePushInfo::default();
        push.apns.is_voip_push = Some(true);
        let expected = [(
            "voip_without_fallback",
            "offline_push.apns.is_voip_push".to_owned(),
        )];
        assert_eq!(codes(&push), expected);
        push.title = Some(String::new());
        assert_eq!(codes(&push), expected);
        push.apns.title = Some("Rose is calling".to_owned());
        assert_eq!(push.advice(), []);
    }

    #[test]
    fn badges_that_are_not_shown_are_mentioned() {
        let push = OfflinePushInfo {
            badge_add_num: Some(1),
            badge_set_num: Some(100),
            ..OfflinePushInfo::default()
        };
        assert_eq!(
            codes(&push),
            [
                ("badge_add_ignored", "offline_push.badge_add_num".to_owned()),
                (
                    "badge_too_high_for_some",
                    "offline_push.badge_set_num".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn parameters_want_their_template() {
        let mut push = OfflinePushInfo::default();
        push.android.oppo_private_title_parameters = Some("{}".parse().unwrap());
        push.push_template_param
            .insert("name".to_owned(), "Rose".to_owned());
        let fields: Vec<_> = codes(&push).into_iter().map(|(_, field)| field).collect();
        assert_eq!(
            fields,
            [
                "offline_push.android.oppo_private_title_parameters",
                "offline_push.push_template_param"
            ]
        );
    }

    #[test]
    fn what_is_never_pushed_needs_no_other_advice() {
        let mut push = OfflinePushInfo {
            push_flag: Some(PushFlag::Never),
            ..OfflinePushInfo::default()
        };
        assert_eq!(push.advice(), []);
        push.title = Some("x".repeat(1000));
        assert_eq!(
            codes(&push),
            [("never_pushed", "offline_push.push_flag".to_owned())]
        );
    }

    #[test]
    fn nine_people_are_shown_the_robot_included() {
        assert_eq!(of_call(8), None);
        assert_eq!(of_call(9).unwrap().code, AdviceCode::ManyInCall);
    }
}
