use super::JsonObject;
#[cfg(feature = "openapi")]
use super::rules::HTTPS_URL;
use super::rules::Rules;
use super::wire_object::wire_object;
use crate::quoted::quoted;
use crate::wire::{open_code, open_enum};

wire_object! {
    /// For Android phones, by vendor.
    #[cfg_attr(
        feature = "openapi",
        schemars(extend("dependentRequired" = { "OPPONotifyLevel": ["OPPOCategory"] }))
    )]
    AndroidInfo {
        /// The ring tone's file name, without its suffix.
        #[cfg_attr(feature = "openapi", schemars(regex(pattern = "^[^.]*$")))]
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
        if let Some(sound) = &self.sound
            && sound.as_bytes().contains(&b'.')
        {
            rules.broken_by(
                "sound",
                "must be a file name without its suffix",
                &quoted(sound),
                "remove the dot and what follows",
            );
        }
        rules.known_code(
            "push_style",
            self.push_style.map(PushStyle::code),
            PushStyle::CODES,
        );
        let level = self.oppo_notify_level.map(OppoNotifyLevel::code);
        rules.known_code("oppo_notify_level", level, OppoNotifyLevel::CODES);
        if level.is_some() && self.oppo_category.is_none() {
            rules.broken(
                "oppo_notify_level",
                "needs oppo_category",
                "set oppo_category, such as IM, or remove the level",
            );
        }
        let classification = self.vivo_classification.map(VivoClassification::code);
        rules.known_code(
            "vivo_classification",
            classification,
            VivoClassification::CODES,
        );
        let notify_type = self.vivo_notify_type.as_ref().map(VivoNotifyType::as_str);
        rules.known_word("vivo_notify_type", notify_type, VivoNotifyType::WORDS);
        let importance = self.huawei_importance.as_ref().map(Importance::as_str);
        rules.known_word("huawei_importance", importance, Importance::WORDS);
        rules.https_url("huawei_image", self.huawei_image.as_ref());
        rules.https_url("honor_image", self.honor_image.as_ref());
        let importance = self.honor_importance.as_ref().map(Importance::as_str);
        rules.known_word("honor_importance", importance, Importance::WORDS);
        let priority = self.google_priority.as_ref().map(GooglePriority::as_str);
        rules.known_word("google_priority", priority, GooglePriority::WORDS);
        let notice = self.meizu_notice_msg_type.map(MeizuNoticeMsgType::code);
        rules.known_code("meizu_notice_msg_type", notice, MeizuNoticeMsgType::CODES);
    }
}
