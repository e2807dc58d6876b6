//! `OfflinePushInfo` (<https://trtc.io/document/77715>): its rules as the vendor's reference states them. The
//! emulator has no phones to push to; it says what the service would refuse.

use crate::field::Rule::{By, Integer, Object, Objects, OneOf, Text, TextThat};
use crate::field::{FieldError, FieldRules, Fields, Rule};

const RESERVED_PARAMETERS: [&str; 4] = ["timTitle", "timDesc", "timSenderNick", "timGroupName"];
const MAX_LA_ID_BYTES: usize = 64;
const SWITCH: Rule = Integer(0, 1);
const ON: Rule = Integer(1, 1);
const HTTPS_URL: Rule = TextThat(is_https, "must be an https URL");

pub(super) const RULES: FieldRules = &[
    ("PushFlag", SWITCH),
    ("Title", Text),
    ("Desc", Text),
    ("Ext", Text),
    ("MultiLanguageContent", Objects(CONTENT)),
    ("AndroidInfo", Object(ANDROID)),
    ("ApnsInfo", Object(APNS)),
    ("HarmonyInfo", Object(HARMONY)),
    ("BadgeAddNum", Integer(1, 99)),
    ("BadgeSetNum", Integer(0, 999)),
    (
        "PushTemplateId",
        TextThat(is_template_id, "must be SDKAppID, a hyphen and a number"),
    ),
    ("PushTemplateParam", By(check_template_parameters)),
];

const CONTENT: FieldRules = &[
    ("Language", By(check_language)),
    ("Title", Text),
    ("Desc", Text),
];

const ANDROID: FieldRules = &[
    ("Sound", Text),
    ("XiaoMiChannelID", Text),
    ("OPPOChannelID", Text),
    ("OPPOCategory", Text),
    ("OPPOPrivateMsgTemplateId", Text),
    ("VIVOCategory", Text),
    ("HuaWeiCategory", Text),
    ("HuaWeiChannelID", Text),
    ("GoogleImage", Text),
    ("GoogleChannelID", Text),
    (
        "Sound",
        TextThat(has_no_suffix, "must be a file name without its suffix"),
    ),
    ("PushStyle", SWITCH),
    ("OPPOPrivateTitleParameters", Object(&[])),
    ("OPPOPrivateContentParameters", Object(&[])),
    ("OPPONotifyLevel", By(check_oppo_level)),
    ("VIVOClassification", SWITCH),
    ("VIVONotifyType", OneOf(&["1", "2", "3", "4"])),
    ("HuaWeiImportance", OneOf(&["LOW", "NORMAL"])),
    ("HonorImportance", OneOf(&["LOW", "NORMAL"])),
    ("HuaWeiImage", HTTPS_URL),
    ("HonorImage", HTTPS_URL),
    ("GooglePriority", OneOf(&["normal", "high"])),
    ("MeiZuNoticeMsgType", SWITCH),
];

const APNS: FieldRules = &[
    ("BadgeMode", SWITCH),
    ("Title", Text),
    ("SubTitle", Text),
    ("Image", Text),
    ("MutableContent", SWITCH),
    (
        "Sound",
        TextThat(is_apns_sound, "must be a file name with its suffix"),
    ),
    (
        "InterruptionLevel",
        OneOf(&["active", "critical", "passive", "time-sensitive"]),
    ),
    ("ContentAvailable", ON),
    ("IsVoipPush", ON),
    ("LiveActivity", Object(LIVE_ACTIVITY)),
];

const LIVE_ACTIVITY: FieldRules = &[
    ("LaId", By(check_la_id)),
    ("Event", By(|activity| activity.string("Event").map(drop))),
    ("Event", OneOf(&["update", "end"])),
    ("ContentState", Object(&[])),
    ("DismissalDate", By(check_dismissal_date)),
];

const HARMONY: FieldRules = &[
    ("Title", Text),
    ("Category", Text),
    ("Sound", Text),
    ("Image", HTTPS_URL),
    ("SoundDuration", Integer(1, 60)),
    (
        "SoundDuration",
        By(|harmony| needs(harmony, "SoundDuration", "Sound")),
    ),
];

fn check_language(text: Fields<'_>) -> Result<(), FieldError> {
    match text.string("Language")? {
        "" => Err(text.error("Language", "must not be empty")),
        _ => Ok(()),
    }
}

fn check_template_parameters(push: Fields<'_>) -> Result<(), FieldError> {
    if !push.has("PushTemplateParam") {
        return Ok(());
    }
    let parameters = push.object("PushTemplateParam")?;
    for name in parameters.names() {
        parameters.string(name)?;
        if RESERVED_PARAMETERS.contains(&name) {
            return Err(parameters.error(name, "is a name of the service's own"));
        }
    }
    Ok(())
}

fn check_oppo_level(android: Fields<'_>) -> Result<(), FieldError> {
    let level = android.optional_integer("OPPONotifyLevel", &(1..=16))?;
    if level.is_some_and(|level| ![1, 2, 16].contains(&level)) {
        return Err(android.error("OPPONotifyLevel", "must be 1, 2 or 16"));
    }
    needs(android, "OPPONotifyLevel", "OPPOCategory")
}

fn check_la_id(activity: Fields<'_>) -> Result<(), FieldError> {
    let id = activity.string("LaId")?;
    if !(1..=MAX_LA_ID_BYTES).contains(&id.len()) {
        let rule = format!("must be 1 to {MAX_LA_ID_BYTES} bytes long");
        return Err(activity.error("LaId", rule));
    }
    Ok(())
}

fn check_dismissal_date(activity: Fields<'_>) -> Result<(), FieldError> {
    let date = activity.optional_integer("DismissalDate", &(0..=i64::MAX))?;
    if date.is_some() && activity.string("Event")? != "end" {
        return Err(activity.error("DismissalDate", "needs the Event end"));
    }
    Ok(())
}

/// That a field does not stand there without another one.
fn needs(object: Fields<'_>, name: &str, other: &str) -> Result<(), FieldError> {
    if object.has(name) && !object.has(other) {
        return Err(object.error(name, format!("needs {other}")));
    }
    Ok(())
}

fn is_https(url: &str) -> bool {
    let host = url.strip_prefix("https://").unwrap_or_default();
    !matches!(host.bytes().next(), None | Some(b'/' | b'?' | b'#'))
        && host.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_template_id(id: &str) -> bool {
    let is_number = |text: &str| {
        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    id.split_once('-')
        .is_some_and(|(app, number)| is_number(app) && is_number(number))
}

fn has_no_suffix(name: &str) -> bool {
    !name.as_bytes().contains(&b'.')
}

fn is_apns_sound(name: &str) -> bool {
    let dot = name.bytes().rposition(|byte| byte == b'.');
    dot.is_some_and(|dot| 0 < dot && dot + 1 < name.len()) || name == "default"
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(push: &Value) -> Option<String> {
        let broken = Fields::new(push.as_object().unwrap()).check(RULES);
        broken.err().map(|error| error.field)
    }

    #[test]
    fn every_field_within_its_rule_is_taken() {
        for push in [
            json!({}),
            json!({ "Unknown": 1, "Title": "t", "Desc": "d", "Ext": "{}", "PushFlag": 0 }),
            json!({ "MultiLanguageContent": [{ "Language": "en", "Title": "t", "Desc": "d" }] }),
            json!({ "AndroidInfo": {
                "Sound": "shake", "PushStyle": 1, "OPPOCategory": "IM", "OPPONotifyLevel": 16,
                "OPPOPrivateTitleParameters": {}, "OPPOPrivateContentParameters": { "a": 1 },
                "VIVONotifyType": "4", "HuaWeiImportance": "LOW", "HonorImage": "https://a/b",
                "GooglePriority": "high", "MeiZuNoticeMsgType": 1,
            } }),
            json!({ "ApnsInfo": {
                "BadgeMode": 1, "Sound": "a.caf", "MutableContent": 0, "ContentAvailable": 1,
                "IsVoipPush": 1, "InterruptionLevel": "time-sensitive",
                "LiveActivity": {
                    "LaId": "x".repeat(64), "Event": "end", "ContentState": {}, "DismissalDate": 0,
                },
            } }),
            json!({ "HarmonyInfo": { "Sound": "a", "SoundDuration": 60, "Image": "https://a" } }),
            json!({ "BadgeAddNum": 99, "BadgeSetNum": 999, "PushTemplateId": "1-2" }),
            json!({ "PushTemplateParam": { "name": "Rose" } }),
        ] {
            assert_eq!(refused(&push), None, "{push}");
        }
    }

    #[test]
    fn a_field_outside_its_rule_is_named_with_its_path() {
        for (push, field) in [
            (json!({ "PushFlag": 2 }), "PushFlag"),
            (json!({ "Title": 1 }), "Title"),
            (json!({ "Ext": {} }), "Ext"),
            (
                json!({ "MultiLanguageContent": {} }),
                "MultiLanguageContent",
            ),
            (
                json!({ "MultiLanguageContent": [1] }),
                "MultiLanguageContent[0]",
            ),
            (
                json!({ "MultiLanguageContent": [{ "Language": "en" }, {}] }),
                "MultiLanguageContent[1].Language",
            ),
            (json!({ "AndroidInfo": [] }), "AndroidInfo"),
            (
                json!({ "AndroidInfo": { "Sound": "a.mp3" } }),
                "AndroidInfo.Sound",
            ),
            (
                json!({ "AndroidInfo": { "OPPONotifyLevel": 3 } }),
                "AndroidInfo.OPPONotifyLevel",
            ),
            (
                json!({ "AndroidInfo": { "OPPONotifyLevel": 2 } }),
                "AndroidInfo.OPPONotifyLevel",
            ),
            (
                json!({ "AndroidInfo": { "VIVONotifyType": 1 } }),
                "AndroidInfo.VIVONotifyType",
            ),
            (
                json!({ "AndroidInfo": { "VIVONotifyType": "5" } }),
                "AndroidInfo.VIVONotifyType",
            ),
            (
                json!({ "AndroidInfo": { "HonorImportance": "low" } }),
                "AndroidInfo.HonorImportance",
            ),
            (
                json!({ "AndroidInfo": { "HuaWeiImage": "http://a" } }),
                "AndroidInfo.HuaWeiImage",
            ),
            (json!({ "ApnsInfo": { "Sound": "ring" } }), "ApnsInfo.Sound"),
            (
                json!({ "ApnsInfo": { "IsVoipPush": 0 } }),
                "ApnsInfo.IsVoipPush",
            ),
            (
                json!({ "ApnsInfo": { "LiveActivity": {} } }),
                "ApnsInfo.LiveActivity.LaId",
            ),
            (
                json!({ "ApnsInfo": { "LiveActivity": { "LaId": "é".repeat(33), "Event": "end" } } }),
                "ApnsInfo.LiveActivity.LaId",
            ),
            (
                json!({ "ApnsInfo": { "LiveActivity": { "LaId": "a", "Event": "start" } } }),
                "ApnsInfo.LiveActivity.Event",
            ),
            (
                json!({ "ApnsInfo": {
                    "LiveActivity": { "LaId": "a", "Event": "update", "DismissalDate": 1 },
                } }),
                "ApnsInfo.LiveActivity.DismissalDate",
            ),
            (
                json!({ "HarmonyInfo": { "SoundDuration": 1 } }),
                "HarmonyInfo.SoundDuration",
            ),
            (json!({ "BadgeAddNum": 0 }), "BadgeAddNum"),
            (json!({ "BadgeSetNum": 1000 }), "BadgeSetNum"),
            (json!({ "PushTemplateId": "7" }), "PushTemplateId"),
            (
                json!({ "PushTemplateParam": { "a": 1 } }),
                "PushTemplateParam.a",
            ),
            (
                json!({ "PushTemplateParam": { "timDesc": "" } }),
                "PushTemplateParam.timDesc",
            ),
        ] {
            assert_eq!(refused(&push).as_deref(), Some(field), "{push}");
        }
    }
}
