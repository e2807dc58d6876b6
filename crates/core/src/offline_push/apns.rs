use serde::Serialize;

use super::JsonObject;
use super::flag;
use super::read::{Names, Reader};
use super::rules::Rules;
use crate::ProblemCode;
use crate::wire::{open_code, open_enum};
use crate::{Extra, Problem, UnixSeconds};

/// The longest name of a live activity, in bytes.
const MAX_LA_ID_BYTES: usize = 64;

/// For Apple's phones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ApnsInfo {
    /// Whether this message counts towards the number on the icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub badge_mode: Option<BadgeMode>,
    /// The title, in place of the common one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The line below the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_title: Option<String>,
    /// A picture's URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Whether the application's extension may change the notification (iOS 10 and later).
    #[serde(
        serialize_with = "flag::serialize",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "openapi", schemars(schema_with = "flag::schema"))]
    pub mutable_content: Option<bool>,
    /// The ring tone's file name with its suffix, or `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<String>,
    /// How much the notification may interrupt (iOS 15 and later).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interruption_level: Option<InterruptionLevel>,
    /// Wakes the application in the background.
    #[serde(
        serialize_with = "flag::serialize",
        skip_serializing_if = "flag::is_off"
    )]
    #[cfg_attr(feature = "openapi", schemars(schema_with = "flag::on_schema"))]
    pub content_available: Option<bool>,
    /// Pushes as VoIP: the phone rings as it does for a call. Without a VoIP token of the phone it becomes a
    /// plain push, whose text is needed then.
    #[serde(
        serialize_with = "flag::serialize",
        skip_serializing_if = "flag::is_off"
    )]
    #[cfg_attr(feature = "openapi", schemars(schema_with = "flag::on_schema"))]
    pub is_voip_push: Option<bool>,
    /// Updates or ends a live activity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_activity: Option<LiveActivity>,
    /// Fields of the service's that this release does not know: they travel as they are.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    pub extra: Extra,
}

open_code! {
    /// Whether a message counts towards the number on the icon.
    BadgeMode {
        /// It counts.
        Count = 0,
        /// It does not.
        Ignore = 1,
    }
}

open_enum! {
    /// How much a notification may interrupt.
    InterruptionLevel {
        /// Lights up the screen, sounds.
        Active = "active",
        /// Sounds even when the phone is muted. Apple grants it on application.
        Critical = "critical",
        /// Goes to the list of notifications in silence.
        Passive = "passive",
        /// Breaks through most of the focus modes.
        TimeSensitive = "time-sensitive",
    }
}

/// Updates or ends a live activity on Apple's phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct LiveActivity {
    /// The activity's name: 1 to 64 bytes.
    #[cfg_attr(feature = "openapi", schemars(length(min = 1, max = 64)))]
    pub la_id: String,
    /// What to do with it.
    pub event: LiveActivityEvent,
    /// What it shows from now on.
    pub content_state: JsonObject,
    /// When it disappears. Ignored without the event `end`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dismissal_date: Option<UnixSeconds>,
    /// Fields of the service's that this release does not know: they travel as they are.
    #[serde(flatten)]
    #[cfg_attr(feature = "openapi", schemars(skip))]
    pub extra: Extra,
}

open_enum! {
    /// What to do with a live activity.
    LiveActivityEvent {
        /// Change what it shows.
        Update = "update",
        /// End it.
        End = "end",
    }
}

impl LiveActivity {
    /// The event for the activity of that name, and what it shows from now on.
    pub fn new(
        la_id: impl Into<String>,
        event: LiveActivityEvent,
        content_state: JsonObject,
    ) -> LiveActivity {
        LiveActivity {
            la_id: la_id.into(),
            event,
            content_state,
            dismissal_date: None,
            extra: Extra::new(),
        }
    }

    /// Nothing if a part is missing or of another form, which is noted.
    fn read(reader: &mut Reader<'_, '_>) -> Option<LiveActivity> {
        let la_id = reader.required("LaId", "laId");
        let event = reader.required("Event", "event");
        let content_state = reader.required("ContentState", "contentState");
        let (mut dismissal_date, mut extra) = (None, Extra::new());
        reader.field("DismissalDate", "dismissalDate", &mut dismissal_date);
        reader.extra(&mut extra);
        Some(LiveActivity {
            la_id: la_id?,
            event: event?,
            content_state: content_state?,
            dismissal_date,
            extra,
        })
    }

    /// The names of its fields.
    pub(super) fn names() -> Names {
        Names::asked_by(|reader| drop(LiveActivity::read(reader)))
    }

    fn note_problems(&self, rules: &mut Rules<'_>) {
        let bytes = self.la_id.len();
        if !(1..=MAX_LA_ID_BYTES).contains(&bytes) {
            let rule = format!("must be 1 to {MAX_LA_ID_BYTES} bytes long, not {bytes}");
            let fix = "give the id that the application registered";
            let problem = Problem::new("la_id", rule, fix).coded(match bytes {
                0 => ProblemCode::Empty,
                _ => ProblemCode::TooLong,
            });
            rules.broken(problem.with("max", MAX_LA_ID_BYTES).with("found", bytes));
        }
        rules.extra(&self.extra, &LiveActivity::names());
    }
}

impl ApnsInfo {
    pub(super) fn read(&mut self, reader: &mut Reader<'_, '_>) {
        reader.field("BadgeMode", "badgeMode", &mut self.badge_mode);
        reader.field("Title", "title", &mut self.title);
        reader.field("SubTitle", "subTitle", &mut self.sub_title);
        reader.field("Image", "image", &mut self.image);
        reader.field(
            "MutableContent",
            "mutableContent",
            &mut self.mutable_content,
        );
        reader.field("Sound", "sound", &mut self.sound);
        reader.field(
            "InterruptionLevel",
            "interruptionLevel",
            &mut self.interruption_level,
        );
        reader.field(
            "ContentAvailable",
            "contentAvailable",
            &mut self.content_available,
        );
        reader.field("IsVoipPush", "isVoipPush", &mut self.is_voip_push);
        reader.object("LiveActivity", "liveActivity", &mut |reader| {
            self.live_activity = LiveActivity::read(reader);
        });
        reader.extra(&mut self.extra);
    }

    /// The names of its fields.
    pub(super) fn names() -> Names {
        Names::asked_by(|reader| ApnsInfo::default().read(reader))
    }

    pub(super) fn note_problems(&self, rules: &mut Rules<'_>) {
        rules.extra(&self.extra, &ApnsInfo::names());
        if let Some(activity) = &self.live_activity {
            activity.note_problems(&mut rules.within("live_activity"));
        }
    }
}
