//! What the phones of each vendor will show.

use serde::Serialize;

use super::{OfflinePushInfo, PushStyle};

/// A vendor whose phones cut long texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PushVendor {
    /// Huawei.
    Huawei,
    /// Honor.
    Honor,
    /// Xiaomi.
    Xiaomi,
    /// OPPO.
    Oppo,
    /// vivo.
    Vivo,
    /// Meizu.
    Meizu,
}

impl PushVendor {
    /// All of them.
    pub const ALL: [PushVendor; 6] = [
        PushVendor::Huawei,
        PushVendor::Honor,
        PushVendor::Xiaomi,
        PushVendor::Oppo,
        PushVendor::Vivo,
        PushVendor::Meizu,
    ];

    /// The vendor's name as people write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            PushVendor::Huawei => "Huawei",
            PushVendor::Honor => "Honor",
            PushVendor::Xiaomi => "Xiaomi",
            PushVendor::Oppo => "OPPO",
            PushVendor::Vivo => "vivo",
            PushVendor::Meizu => "Meizu",
        }
    }

    /// The longest title that is shown whole, in UTF-16 code units.
    #[must_use]
    pub fn max_title(self) -> usize {
        match self {
            PushVendor::Huawei => 60,
            PushVendor::Honor | PushVendor::Xiaomi | PushVendor::Oppo => 50,
            PushVendor::Vivo => 40,
            PushVendor::Meizu => 32,
        }
    }

    /// The longest description that is shown whole, in UTF-16 code units. OPPO's depends on the style.
    #[must_use]
    pub fn max_desc(self, style: Option<PushStyle>) -> usize {
        match self {
            PushVendor::Huawei => 600,
            PushVendor::Honor => 400,
            PushVendor::Xiaomi => 128,
            PushVendor::Oppo if style == Some(PushStyle::LongText) => 128,
            PushVendor::Oppo => 50,
            PushVendor::Vivo | PushVendor::Meizu => 100,
        }
    }
}

/// What a vendor's phones will show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Shown {
    /// For users of which language; `None` for all others.
    pub language: Option<String>,
    /// The title, cut if it is too long.
    pub title: Option<String>,
    /// The description, cut if it is too long.
    pub desc: Option<String>,
}

pub(super) fn shown(push: &OfflinePushInfo, vendor: PushVendor) -> Vec<Shown> {
    let max_desc = vendor.max_desc(push.android.push_style);
    let texts = texts(push).into_iter();
    texts
        .map(|text| Shown {
            language: text.language.map(str::to_owned),
            title: text.title.map(|title| fitted(title, vendor.max_title())),
            desc: text.desc.map(|desc| fitted(desc, max_desc)),
        })
        .collect()
}

fn fitted(text: &str, limit: usize) -> String {
    cut(text, limit).unwrap_or_else(|| text.to_owned())
}

/// Title and description in one language.
pub(super) struct Text<'a> {
    /// Where they stand, such as `offline_push.multi_language_content[0]`.
    pub(super) path: String,
    pub(super) language: Option<&'a str>,
    pub(super) title: Option<&'a str>,
    pub(super) desc: Option<&'a str>,
}

/// The texts of all languages, the one for all others first.
pub(super) fn texts(push: &OfflinePushInfo) -> Vec<Text<'_>> {
    let mut texts = vec![Text {
        path: "offline_push".to_owned(),
        language: None,
        title: push.title.as_deref(),
        desc: push.desc.as_deref(),
    }];
    for (index, text) in push.multi_language_content.iter().enumerate() {
        texts.push(Text {
            path: format!("offline_push.multi_language_content[{index}]"),
            language: Some(text.language.as_str()),
            title: text.title.as_deref(),
            desc: text.desc.as_deref(),
        });
    }
    texts
}

const ELLIPSIS: &str = "...";

/// The text cut to `limit` UTF-16 code units, the "..." included; `None` if it fits as it is. A character
/// that takes two units is never cut in half.
pub(super) fn cut(text: &str, limit: usize) -> Option<String> {
    if utf16_length(text) <= limit {
        return None;
    }
    let room = limit.saturating_sub(ELLIPSIS.len());
    let mut used = 0;
    let mut kept = String::new();
    for character in text.chars() {
        used += character.len_utf16();
        if used > room {
            break;
        }
        kept.push(character);
    }
    kept.push_str(ELLIPSIS);
    Some(kept)
}

pub(super) fn utf16_length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_at_the_limit_is_shown_whole_and_one_unit_more_is_cut() {
        let title = "x".repeat(60);
        let mut push = OfflinePushInfo::new(&title, "");
        assert_eq!(
            push.shown_on(PushVendor::Huawei)[0].title.as_deref(),
            Some(title.as_str())
        );
        push.title = Some("x".repeat(61));
        let shown = push.shown_on(PushVendor::Huawei)[0].title.clone().unwrap();
        assert_eq!(shown, format!("{}...", "x".repeat(57)));
    }

    #[test]
    fn a_character_of_two_units_is_kept_or_left_out_whole() {
        // 15 emoji are 30 units; with "ab" in front there are 32, and one more makes 34.
        let fits = format!("ab{}", "😀".repeat(15));
        assert_eq!(cut(&fits, 32), None);
        let long = format!("ab{}", "😀".repeat(16));
        assert_eq!(cut(&long, 32).unwrap(), format!("ab{}...", "😀".repeat(13)));
    }

    #[test]
    fn oppo_shows_more_of_a_long_text_style() {
        let mut push = OfflinePushInfo::new("", "x".repeat(128));
        assert_eq!(
            push.shown_on(PushVendor::Oppo)[0]
                .desc
                .as_ref()
                .unwrap()
                .len(),
            50
        );
        push.android.push_style = Some(PushStyle::LongText);
        assert_eq!(
            push.shown_on(PushVendor::Oppo)[0]
                .desc
                .as_ref()
                .unwrap()
                .len(),
            128
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_fits_and_is_the_beginning_of_the_text(text: String, limit in 3usize..64) {
            let shown = fitted(&text, limit);
            prop_assert!(utf16_length(&shown) <= limit);
            let kept = shown.strip_suffix("...").unwrap_or(&shown);
            prop_assert!(text.starts_with(kept));
            if shown != text {
                prop_assert!(shown.ends_with("..."));
                // One more character would not have fitted.
                let next = text[kept.len()..].chars().next().unwrap();
                prop_assert!(utf16_length(kept) + next.len_utf16() + 3 > limit);
            }
        }
    }
}
