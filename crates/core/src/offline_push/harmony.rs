#[cfg(feature = "openapi")]
use super::rules::HTTPS_URL;
use super::rules::Rules;
use super::wire_object::wire_object;

/// How long a sound may last, in seconds.
const SOUND_DURATION: std::ops::RangeInclusive<u32> = 1..=60;

wire_object! {
    /// For Harmony phones.
    HarmonyInfo {
        /// The title, in place of the common one.
        title: String = "Title" | "title",
        /// The message's category, such as `IM`.
        category: String = "Category" | "category",
        /// A picture's https URL.
        #[cfg_attr(feature = "openapi", schemars(regex(pattern = HTTPS_URL)))]
        image: String = "Image" | "image",
        /// The ring tone's file name.
        sound: String = "Sound" | "sound",
        /// How long the ring tone sounds: 1 to 60 seconds. Ignored without a sound.
        #[cfg_attr(feature = "openapi", schemars(range(min = 1, max = 60)))]
        sound_duration: u32 = "SoundDuration" | "soundDuration",
    }
}

impl HarmonyInfo {
    pub(super) fn note_problems(&self, rules: &mut Rules<'_>) {
        rules.https_url("image", self.image.as_ref());
        rules.range("sound_duration", self.sound_duration, &SOUND_DURATION);
        rules.extra(&self.extra, &HarmonyInfo::names());
    }
}
