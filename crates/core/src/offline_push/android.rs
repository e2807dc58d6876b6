use super::JsonObject;
use super::flag;
#[cfg(feature = "openapi")]
use super::rules::HTTPS_URL;
use super::rules::Rules;
use super::wire_object::wire_object;
use crate::wire::{open_code, open_enum};
use crate::{Problem, ProblemCode};

wire_object! {
    /// For Android phones, by vendor.
    #[cfg_attr(
        feature = "openapi",
        schemars(extend("dependentRequired" = { "OPPONotifyLevel": ["OPPOCategory"] }))
    )]
    AndroidInfo {
        /// The ring tone's file name. <https://trtc.io/document/77715> wants it without its suffix, and
        /// <https://www.tencentcloud.com/document/product/1047/33527> shows one with it.
        sound: String = "Sound" | "sound",
        /// How the notification looks.
        push_style: PushStyle = "PushStyle" | "pushStyle",
        /// Xiaomi: the notification channel.
        xiaomi_channel_id: String = "XiaoMiChannelID" | "xiaomiChannelId",
        /// OPPO: the notification channel.
        oppo_channel_id: String = "OPPOChannelID" | "oppoChannelId",
        /// OPPO: the message's category, such as `IM`.
        oppo_category: String = "OPPOCategory" | "oppoCategory",
        /// OPPO: the template of a private message.
        oppo_private_msg_template_id: String = "OPPOPrivateMsgTemplateId" | "oppoPrivateMsgTemplateId",
        /// OPPO: what the variables in the private template's title stand for.
        oppo_private_title_parameters: JsonObject = "OPPOPrivateTitleParameters" | "oppoPrivateTitleParameters",
        /// OPPO: what the variables in the private template's text stand for.
        oppo_private_content_parameters: JsonObject = "OPPOPrivateContentParameters" | "oppoPrivateContentParameters",
        /// OPPO: how loudly to notify. Only with a category.
        oppo_notify_level: OppoNotifyLevel = "OPPONotifyLevel" | "oppoNotifyLevel",
        /// vivo: the kind of message.
        vivo_classification: VivoClassification = "VIVOClassification" | "vivoClassification",
        /// vivo: the message's category, such as `IM`.
        vivo_category: String = "VIVOCategory" | "vivoCategory",
        /// vivo: whether to sound and to vibrate.
        vivo_notify_type: VivoNotifyType = "VIVONotifyType" | "vivoNotifyType",
        /// Huawei: the message's importance.
        huawei_importance: Importance = "HuaWeiImportance" | "huaweiImportance",
        /// Huawei: the message's category, such as `VOIP`.
        huawei_category: String = "HuaWeiCategory" | "huaweiCategory",
        /// Huawei: a picture's https URL.
        #[cfg_attr(feature = "openapi", schemars(regex(pattern = HTTPS_URL)))]
        huawei_image: String = "HuaWeiImage" | "huaweiImage",
        /// Huawei: the notification channel.
        huawei_channel_id: String = "HuaWeiChannelID" | "huaweiChannelId",
        /// Honor: a picture's https URL.
        #[cfg_attr(feature = "openapi", schemars(regex(pattern = HTTPS_URL)))]
        honor_image: String = "HonorImage" | "honorImage",
        /// Honor: the message's importance.
        honor_importance: Importance = "HonorImportance" | "honorImportance",
        /// Huawei: whether `ext` is handed to the application as a parameter of its Intent
        /// (<https://www.tencentcloud.com/document/product/1047/33527>).
        #[serde(serialize_with = "flag::serialize")]
        #[cfg_attr(feature = "openapi", schemars(schema_with = "flag::schema"))]
        ext_as_huawei_intent_param: bool = "ExtAsHuaweiIntentParam" | "extAsHuaweiIntentParam",
        /// Google: a picture's URL.
        google_image: String = "GoogleImage" | "googleImage",
        /// Google: whether to wake a sleeping phone.
        google_priority: GooglePriority = "GooglePriority" | "googlePriority",
        /// Google: the notification channel.
        google_channel_id: String = "GoogleChannelID" | "googleChannelId",
        /// Meizu: the kind of message.
        meizu_notice_msg_type: MeizuNoticeMsgType = "MeiZuNoticeMsgType" | "meizuNoticeMsgType",
    }
}

open_code! {
    /// How a notification looks.
    PushStyle {
        /// The vendor's standard.
        Standard = 0,
        /// Long text: OPPO shows 128 units of the description instead of 50.
        LongText = 1,
    }
}

open_code! {
    /// How loudly an OPPO phone notifies.
    OppoNotifyLevel {
        /// In the notification bar.
        NotificationBar = 1,
        /// In the notification bar and on the lock screen.
        LockScreen = 2,
        /// In the notification bar, on the lock screen and as a banner, with sound and vibration.
        Banner = 16,
    }
}

open_code! {
    /// What vivo calls a message.
    VivoClassification {
        /// An operational message: marketing, news.
        Operational = 0,
        /// A system message: what a user waits for.
        System = 1,
    }
}

open_enum! {
    /// How a vivo phone notifies.
    VivoNotifyType {
        /// In silence.
        Silent = "1",
        /// With sound.
        Sound = "2",
        /// With vibration.
        Vibration = "3",
        /// With sound and vibration.
        SoundAndVibration = "4",
    }
}

open_enum! {
    /// How important Huawei and Honor take a message to be.
    Importance {
        /// Information and marketing.
        Low = "LOW",
        /// Service and communication.
        Normal = "NORMAL",
    }
}

open_enum! {
    /// Whether Google's service wakes a sleeping phone.
    GooglePriority {
        /// It may wait.
        Normal = "normal",
        /// At once.
        High = "high",
    }
}

open_code! {
    /// What Meizu calls a message.
    MeizuNoticeMsgType {
        /// For everybody: marketing, news.
        Public = 0,
        /// For one user.
        Private = 1,
    }
}

impl AndroidInfo {
    pub(super) fn note_problems(&self, rules: &mut Rules<'_>) {
        if self.oppo_notify_level.is_some() && self.oppo_category.is_none() {
            let fix = "set oppo_category, such as IM, or remove the level";
            let problem = Problem::new("oppo_notify_level", "needs oppo_category", fix);
            let problem = problem.coded(ProblemCode::Needs);
            rules.broken(problem.with("with", "android.oppoCategory"));
        }
        rules.https_url("huawei_image", self.huawei_image.as_ref());
        rules.https_url("honor_image", self.honor_image.as_ref());
        rules.extra(&self.extra, &AndroidInfo::names());
    }
}
