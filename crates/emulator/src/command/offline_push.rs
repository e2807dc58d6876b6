//! `OfflinePushInfo` (<https://trtc.io/document/77715>): its rules as the vendor's reference states them. The
//! emulator has no phones to push to; it says what the service would refuse.

use std::ops::RangeInclusive;

use crate::field::{FieldError, Fields};

const RESERVED_PARAMETERS: [&str; 4] = ["timTitle", "timDesc", "timSenderNick", "timGroupName"];
const MAX_LA_ID_BYTES: usize = 64;
const SWITCH: RangeInclusive<i64> = 0..=1;
const ON: RangeInclusive<i64> = 1..=1;

pub(super) fn check(push: Fields<'_>) -> Result<(), FieldError> {
    push.optional_integer("PushFlag", &SWITCH)?;
    strings(push, &["Title", "Desc", "Ext"])?;
    push.check_objects("MultiLanguageContent", check_text)?;
    push.check_object("AndroidInfo", check_android)?;
    push.check_object("ApnsInfo", check_apns)?;
    push.check_object("HarmonyInfo", check_harmony)?;
    push.optional_integer("BadgeAddNum", &(1..=99))?;
    push.optional_integer("BadgeSetNum", &(0..=999))?;
    if let Some(id) = push.optional_string("PushTemplateId")?
        && !is_template_id(id)
    {
        return Err(push.error("PushTemplateId", "must be SDKAppID, a hyphen and a number"));
    }
    push.check_object("PushTemplateParam", check_template_parameters)
}

fn check_text(text: Fields<'_>) -> Result<(), FieldError> {
    if text.string("Language")?.is_empty() {
        return Err(text.error("Language", "must not be empty"));
    }
    strings(text, &["Title", "Desc"])
}

fn check_template_parameters(parameters: Fields<'_>) -> Result<(), FieldError> {
    for name in parameters.names() {
        parameters.string(name)?;
        if RESERVED_PARAMETERS.contains(&name) {
            return Err(parameters.error(name, "is a name of the service's own"));
        }
    }
    Ok(())
}

fn check_android(android: Fields<'_>) -> Result<(), FieldError> {
    strings(
        android,
        &[
            "Sound",
            "XiaoMiChannelID",
            "OPPOChannelID",
            "OPPOCategory",
            "OPPOPrivateMsgTemplateId",
            "VIVOCategory",
            "HuaWeiCategory",
            "HuaWeiChannelID",
            "GoogleImage",
            "GoogleChannelID",
        ],
    )?;
    if android
        .optional_string("Sound")?
        .is_some_and(|sound| sound.contains('.'))
    {
        return Err(android.error("Sound", "must be a file name without its suffix"));
    }
    android.optional_integer("PushStyle", &SWITCH)?;
    android.check_object("OPPOPrivateTitleParameters", |_| Ok(()))?;
    android.check_object("OPPOPrivateContentParameters", |_| Ok(()))?;
    if let Some(level) = android.optional_integer("OPPONotifyLevel", &(1..=16))? {
        if ![1, 2, 16].contains(&level) {
            return Err(android.error("OPPONotifyLevel", "must be 1, 2 or 16"));
        }
        if !android.has("OPPOCategory") {
            return Err(android.error("OPPONotifyLevel", "needs OPPOCategory"));
        }
    }
    android.optional_integer("VIVOClassification", &SWITCH)?;
    one_of(android, "VIVONotifyType", &["1", "2", "3", "4"])?;
    for importance in ["HuaWeiImportance", "HonorImportance"] {
        one_of(android, importance, &["LOW", "NORMAL"])?;
    }
    for image in ["HuaWeiImage", "HonorImage"] {
        https_url(android, image)?;
    }
    one_of(android, "GooglePriority", &["normal", "high"])?;
    android.optional_integer("MeiZuNoticeMsgType", &SWITCH)?;
    Ok(())
}

fn check_apns(apns: Fields<'_>) -> Result<(), FieldError> {
    apns.optional_integer("BadgeMode", &SWITCH)?;
    strings(apns, &["Title", "SubTitle", "Image"])?;
    apns.optional_integer("MutableContent", &SWITCH)?;
    if let Some(sound) = apns.optional_string("Sound")?
        && !is_file_with_suffix(sound)
        && sound != "default"
    {
        return Err(apns.error("Sound", "must be a file name with its suffix"));
    }
    let levels = ["active", "critical", "passive", "time-sensitive"];
    one_of(apns, "InterruptionLevel", &levels)?;
    apns.optional_integer("ContentAvailable", &ON)?;
    apns.optional_integer("IsVoipPush", &ON)?;
    apns.check_object("LiveActivity", check_live_activity)
}

fn check_live_activity(activity: Fields<'_>) -> Result<(), FieldError> {
    let id = activity.string("LaId")?;
    if !(1..=MAX_LA_ID_BYTES).contains(&id.len()) {
        let rule = format!("must be 1 to {MAX_LA_ID_BYTES} bytes long");
        return Err(activity.error("LaId", rule));
    }
    activity.string("Event")?;
    one_of(activity, "Event", &["update", "end"])?;
    activity.check_object("ContentState", |_| Ok(()))?;
    if activity
        .optional_integer("DismissalDate", &(0..=i64::MAX))?
        .is_some()
        && activity.string("Event")? != "end"
    {
        return Err(activity.error("DismissalDate", "needs the Event end"));
    }
    Ok(())
}

fn check_harmony(harmony: Fields<'_>) -> Result<(), FieldError> {
    strings(harmony, &["Title", "Category", "Sound"])?;
    https_url(harmony, "Image")?;
    let duration = harmony.optional_integer("SoundDuration", &(1..=60))?;
    if duration.is_some() && !harmony.has("Sound") {
        return Err(harmony.error("SoundDuration", "needs Sound"));
    }
    Ok(())
}

fn strings(object: Fields<'_>, names: &[&str]) -> Result<(), FieldError> {
    names
        .iter()
        .try_for_each(|name| object.optional_string(name).map(drop))
}

fn one_of(object: Fields<'_>, name: &str, words: &[&str]) -> Result<(), FieldError> {
    match object.optional_string(name)? {
        Some(word) if !words.contains(&word) => {
            Err(object.error(name, format!("must be one of {}", words.join(", "))))
        }
        _ => Ok(()),
    }
}

fn https_url(object: Fields<'_>, name: &str) -> Result<(), FieldError> {
    let is_https = |url: &str| {
        let host = url.strip_prefix("https://").unwrap_or_default();
        !host.is_empty()
            && !host.starts_with(['/', '?', '#'])
            && host.bytes().all(|byte| byte.is_ascii_graphic())
    };
    match object.optional_string(name)? {
        Some(url) if !is_https(url) => Err(object.error(name, "must be an https URL")),
        _ => Ok(()),
    }
}

fn is_template_id(id: &str) -> bool {
    let is_number = |text: &str| {
        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    id.split_once('-')
        .is_some_and(|(app, number)| is_number(app) && is_number(number))
}

fn is_file_with_suffix(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(name, suffix)| !name.is_empty() && !suffix.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(push: &Value) -> Option<String> {
        check(Fields::new(
            &crate::value::Value::parse(push.to_string().as_bytes())
                .unwrap()
                .into_object(),
        ))
        .err()
        .map(|error| error.field)
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
