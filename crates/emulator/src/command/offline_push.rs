//! `OfflinePushInfo` (<https://trtc.io/document/77715>): the emulator has no phones to push to; it says what the
//! service would refuse. The vendor's reference describes more than it refuses: a word or a number that it does not
//! list is taken, numbers and switches are taken as text too, and what is ignored is ignored here.

use crate::field::Rule::{By, Object, Objects, Text, TextThat};
use crate::field::{FieldError, FieldRules, Fields, Rule};

const RESERVED_PARAMETERS: [&str; 4] = ["timTitle", "timDesc", "timSenderNick", "timGroupName"];
const MAX_LA_ID_BYTES: usize = 64;
const HTTPS_URL: Rule = TextThat(is_https, "must be an https URL");

pub(super) const RULES: FieldRules = &[
    ("PushFlag", By(|push| number(push, "PushFlag"))),
    ("Title", Text),
    ("Desc", Text),
    ("Ext", Text),
    ("MultiLanguageContent", Objects(CONTENT)),
    ("AndroidInfo", Object(ANDROID)),
    ("ApnsInfo", Object(APNS)),
    ("HarmonyInfo", Object(HARMONY)),
    ("BadgeAddNum", By(|push| range(push, "BadgeAddNum", 1, 99))),
    ("BadgeSetNum", By(|push| range(push, "BadgeSetNum", 0, 999))),
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
    ("PushStyle", By(|android| number(android, "PushStyle"))),
    ("OPPOPrivateTitleParameters", Object(&[])),
    ("OPPOPrivateContentParameters", Object(&[])),
    ("OPPONotifyLevel", By(check_oppo_level)),
    (
        "VIVOClassification",
        By(|android| number(android, "VIVOClassification")),
    ),
    (
        "VIVONotifyType",
        By(|android| word(android, "VIVONotifyType")),
    ),
    (
        "HuaWeiImportance",
        By(|android| word(android, "HuaWeiImportance")),
    ),
    (
        "HonorImportance",
        By(|android| word(android, "HonorImportance")),
    ),
    ("HuaWeiImage", HTTPS_URL),
    ("HonorImage", HTTPS_URL),
    (
        "ExtAsHuaweiIntentParam",
        By(|android| range(android, "ExtAsHuaweiIntentParam", 0, 1)),
    ),
    (
        "GooglePriority",
        By(|android| word(android, "GooglePriority")),
    ),
    (
        "MeiZuNoticeMsgType",
        By(|android| number(android, "MeiZuNoticeMsgType")),
    ),
];

const APNS: FieldRules = &[
    ("BadgeMode", By(|apns| number(apns, "BadgeMode"))),
    ("Title", Text),
    ("SubTitle", Text),
    ("Image", Text),
    (
        "MutableContent",
        By(|apns| range(apns, "MutableContent", 0, 1)),
    ),
    ("Sound", Text),
    (
        "InterruptionLevel",
        By(|apns| word(apns, "InterruptionLevel")),
    ),
    (
        "ContentAvailable",
        By(|apns| range(apns, "ContentAvailable", 0, 1)),
    ),
    ("IsVoipPush", By(|apns| range(apns, "IsVoipPush", 0, 1))),
    ("LiveActivity", Object(LIVE_ACTIVITY)),
];

const LIVE_ACTIVITY: FieldRules = &[
    ("LaId", By(check_la_id)),
    ("Event", By(|activity| required(activity, "Event"))),
    ("Event", By(|activity| word(activity, "Event"))),
    (
        "ContentState",
        By(|activity| required(activity, "ContentState")),
    ),
    ("ContentState", Object(&[])),
    (
        "DismissalDate",
        By(|activity| range(activity, "DismissalDate", 0, i64::MAX)),
    ),
];

const HARMONY: FieldRules = &[
    ("Title", Text),
    ("Category", Text),
    ("Sound", Text),
    ("Image", HTTPS_URL),
    (
        "SoundDuration",
        By(|harmony| range(harmony, "SoundDuration", 1, 60)),
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
    number(android, "OPPONotifyLevel")?;
    if android.has("OPPONotifyLevel") && !android.has("OPPOCategory") {
        return Err(android.error("OPPONotifyLevel", "needs OPPOCategory"));
    }
    Ok(())
}

fn check_la_id(activity: Fields<'_>) -> Result<(), FieldError> {
    let id = activity.string("LaId")?;
    if !(1..=MAX_LA_ID_BYTES).contains(&id.len()) {
        let rule = format!("must be 1 to {MAX_LA_ID_BYTES} bytes long");
        return Err(activity.error("LaId", rule));
    }
    Ok(())
}

fn required(object: Fields<'_>, name: &str) -> Result<(), FieldError> {
    if object.has(name) {
        Ok(())
    } else {
        Err(object.missing(name))
    }
}

/// A word, or the number that it is.
fn word(object: Fields<'_>, name: &str) -> Result<(), FieldError> {
    match object.optional_string(name) {
        Ok(_) => Ok(()),
        Err(error) => number(object, name).map_err(|_| error),
    }
}

fn number(object: Fields<'_>, name: &str) -> Result<(), FieldError> {
    range(object, name, i64::MIN, i64::MAX)
}

/// A whole number from the one to the other, or its digits as text.
fn range(object: Fields<'_>, name: &str, from: i64, to: i64) -> Result<(), FieldError> {
    match object.optional_string(name) {
        Ok(Some(digits)) => match digits.parse::<i64>() {
            Ok(number) if (from..=to).contains(&number) => Ok(()),
            _ => Err(object.error(name, format!("must be a whole number from {from} to {to}"))),
        },
        _ => object.optional_integer(name, &(from..=to)).map(drop),
    }
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
                "Sound": "android.mp3", "PushStyle": 7, "OPPOCategory": "IM", "OPPONotifyLevel": 16,
                "OPPOPrivateTitleParameters": {}, "OPPOPrivateContentParameters": { "a": 1 },
                "VIVONotifyType": 4, "HuaWeiImportance": "HIGH", "HonorImage": "https://a/b",
                "GooglePriority": "high", "MeiZuNoticeMsgType": "1",
                "ExtAsHuaweiIntentParam": 1, "Tomorrow": {},
            } }),
            json!({ "ApnsInfo": {
                "BadgeMode": 1, "Sound": "", "MutableContent": 0, "ContentAvailable": 1,
                "IsVoipPush": 1, "InterruptionLevel": "time-sensitive",
                "LiveActivity": {
                    "LaId": "x".repeat(64), "Event": "end", "ContentState": {}, "DismissalDate": 0,
                },
            } }),
            json!({ "ApnsInfo": { "LiveActivity": {
                "LaId": "a", "Event": "start", "ContentState": {}, "DismissalDate": "5",
            } } }),
            json!({ "HarmonyInfo": { "SoundDuration": 60, "Image": "https://a" } }),
            json!({ "BadgeAddNum": 99, "BadgeSetNum": 999, "PushTemplateId": "1-2" }),
            json!({ "PushTemplateParam": { "name": "Rose" } }),
        ] {
            assert_eq!(refused(&push), None, "{push}");
        }
    }

    #[test]
    fn a_field_outside_its_rule_is_named_with_its_path() {
        for (push, field) in [
            (json!({ "PushFlag": "never" }), "PushFlag"),
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
                json!({ "AndroidInfo": { "OPPONotifyLevel": {}, "OPPOCategory": "IM" } }),
                "AndroidInfo.OPPONotifyLevel",
            ),
            (
                json!({ "AndroidInfo": { "OPPONotifyLevel": 2 } }),
                "AndroidInfo.OPPONotifyLevel",
            ),
            (
                json!({ "AndroidInfo": { "VIVONotifyType": 1.5 } }),
                "AndroidInfo.VIVONotifyType",
            ),
            (
                json!({ "AndroidInfo": { "HuaWeiImage": "http://a" } }),
                "AndroidInfo.HuaWeiImage",
            ),
            (
                json!({ "ApnsInfo": { "IsVoipPush": 2 } }),
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
                json!({ "ApnsInfo": { "LiveActivity": { "LaId": "a", "Event": "end" } } }),
                "ApnsInfo.LiveActivity.ContentState",
            ),
            (
                json!({ "ApnsInfo": {
                    "LiveActivity": {
                        "LaId": "a", "Event": "update", "ContentState": {}, "DismissalDate": -1,
                    },
                } }),
                "ApnsInfo.LiveActivity.DismissalDate",
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
