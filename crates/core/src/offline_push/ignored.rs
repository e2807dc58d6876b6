//! Advice on what the service, or a phone, will not use as its sender hopes.

use super::{Advice, AdviceCode, LiveActivityEvent, OfflinePushInfo};

/// OPPO's categories of content and marketing, which get no private template
/// (<https://trtc.io/document/77715>).
const OPPO_MARKETING: [&str; 4] = ["NEWS", "CONTENT", "MARKETING", "SOCIAL"];

pub(super) fn of(push: &OfflinePushInfo) -> Vec<Advice> {
    let advice = [
        android_sound(push),
        oppo_template(push),
        apns_sound(push),
        silent_push(push),
        dismissal_date(push),
        sound_duration(push),
    ];
    advice.into_iter().flatten().collect()
}

fn advice(code: AdviceCode, field: &str, message: &str, fix: &str) -> Option<Advice> {
    let field = format!("offline_push.{field}");
    Some(Advice::new(code, &field, message, fix))
}

/// Two pages of the vendor's contradict each other: <https://trtc.io/document/77715> wants no suffix, the sample
/// of <https://www.tencentcloud.com/document/product/1047/33527> has one.
fn android_sound(push: &OfflinePushInfo) -> Option<Advice> {
    let sound = push.android.sound.as_ref()?;
    sound.contains('.').then_some(())?;
    advice(
        AdviceCode::SoundSuffix,
        "android.sound",
        "has a suffix, which the vendor's reference leaves out: a phone that looks for a file of that whole name \
         plays its usual tone",
        "leave out the full stop and what follows, unless this name was heard to work",
    )
}

fn apns_sound(push: &OfflinePushInfo) -> Option<Advice> {
    let sound = push.apns.sound.as_deref()?;
    // A name that begins with its only full stop has no name before it.
    let has_suffix = !sound.ends_with('.') && sound.bytes().skip(1).any(|byte| byte == b'.');
    (!has_suffix && sound != "default").then_some(())?;
    advice(
        AdviceCode::SoundSuffix,
        "apns.sound",
        "is no file name with its suffix: a phone that does not find the file plays its usual tone",
        "write it as the file is called, such as ring.caf, or default",
    )
}

fn oppo_template(push: &OfflinePushInfo) -> Option<Advice> {
    let (android, template) = (&push.android, "android.oppo_private_msg_template_id");
    android.oppo_private_msg_template_id.as_ref()?;
    let category = android.oppo_category.as_deref()?;
    OPPO_MARKETING.contains(&category).then_some(())?;
    let message = format!("is not used: {category} is a category of content and marketing");
    let fix = "choose a category of communication, such as IM, or remove the template";
    advice(AdviceCode::TemplateIgnored, template, &message, fix)
}

fn silent_push(push: &OfflinePushInfo) -> Option<Advice> {
    (push.apns.content_available == Some(true)).then_some(())?;
    advice(
        AdviceCode::SilentPush,
        "apns.content_available",
        "makes it a silent push: it wakes the application, and the callee sees nothing",
        "leave it out unless the application shows the call by itself",
    )
}

fn dismissal_date(push: &OfflinePushInfo) -> Option<Advice> {
    let activity = push.apns.live_activity.as_ref()?;
    activity.dismissal_date?;
    (activity.event != LiveActivityEvent::End).then_some(())?;
    advice(
        AdviceCode::DismissalDateIgnored,
        "apns.live_activity.dismissal_date",
        "is used with the event end only",
        "end the activity, or remove the date",
    )
}

fn sound_duration(push: &OfflinePushInfo) -> Option<Advice> {
    push.harmony.sound_duration?;
    push.harmony.sound.is_none().then_some(())?;
    advice(
        AdviceCode::SoundDurationIgnored,
        "harmony.sound_duration",
        "is used with a sound only",
        "name the ring tone, or remove its duration",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advised(json: &str) -> Vec<(&'static str, String)> {
        let push = OfflinePushInfo::from_json(json).unwrap();
        assert_eq!(push.check(), Ok(()), "{json}");
        let advice = push.advice().into_iter();
        advice
            .map(|advice| (advice.code.code(), advice.field))
            .collect()
    }

    #[test]
    fn what_is_not_used_as_it_is_meant_is_mentioned_and_sent() {
        for (json, code, field) in [
            (
                r#"{"AndroidInfo":{"Sound":"android.mp3"}}"#,
                "sound_suffix",
                "android.sound",
            ),
            (
                r#"{"ApnsInfo":{"Sound":"ring"}}"#,
                "sound_suffix",
                "apns.sound",
            ),
            (r#"{"ApnsInfo":{"Sound":""}}"#, "sound_suffix", "apns.sound"),
            (
                r#"{"ApnsInfo":{"Sound":".caf"}}"#,
                "sound_suffix",
                "apns.sound",
            ),
            (
                r#"{"ApnsInfo":{"ContentAvailable":1}}"#,
                "silent_push",
                "apns.content_available",
            ),
            (
                r#"{"ApnsInfo":{"LiveActivity":{"LaId":"a","Event":"update","ContentState":{},"DismissalDate":1}}}"#,
                "dismissal_date_ignored",
                "apns.live_activity.dismissal_date",
            ),
            (
                r#"{"HarmonyInfo":{"SoundDuration":5}}"#,
                "sound_duration_ignored",
                "harmony.sound_duration",
            ),
            (
                r#"{"AndroidInfo":{"OPPOCategory":"MARKETING","OPPOPrivateMsgTemplateId":"t"}}"#,
                "template_ignored",
                "android.oppo_private_msg_template_id",
            ),
        ] {
            let field = format!("offline_push.{field}");
            assert_eq!(advised(json), [(code, field)], "{json}");
        }
    }

    #[test]
    fn what_is_used_needs_no_advice() {
        for json in [
            r#"{"AndroidInfo":{"Sound":"shake","OPPOCategory":"IM","OPPOPrivateMsgTemplateId":"t"}}"#,
            r#"{"ApnsInfo":{"Sound":"default","ContentAvailable":0}}"#,
            r#"{"ApnsInfo":{"Sound":"ring.caf"}}"#,
            r#"{"ApnsInfo":{"LiveActivity":{"LaId":"a","Event":"end","ContentState":{},"DismissalDate":1}}}"#,
            r#"{"HarmonyInfo":{"Sound":"ring.wav","SoundDuration":5}}"#,
        ] {
            assert_eq!(advised(json), [], "{json}");
        }
    }
}
