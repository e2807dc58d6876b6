//! What a session is to do.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Media;
use crate::call_engine::start_call_by_robot;
use crate::input::{FromInput, Given, Properties};
use crate::problem::Problems;
use crate::stream_ingest::StreamUrl;
use crate::stream_ingest::playback::Playback;
use crate::word::word_enum;
use crate::{InvalidRequest, Problem, ProblemCode, RoomId, UserId};

/// Whom to ring, what to play, and when to end it. Made by [`Plan::builder`].
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(super) call: Arc<start_call_by_robot::Request>,
    pub(super) room: RoomId,
    pub(super) media: Media,
    pub(super) options: Options,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Options {
    pub(super) watch: Watch,
    pub(super) poll_interval: Duration,
    pub(super) max_duration: Duration,
    pub(super) end_with_media: bool,
    pub(super) end_without_media: bool,
    pub(super) ingest_attempts: u32,
}

word_enum! {
    /// How a session learns what happens.
    Watch {
        /// By webhooks alone: the service is asked only where a webhook may have been missed.
        Webhooks = "webhooks",
        /// By asking alone.
        Polling = "polling",
        /// By both: webhooks are quick, and asking finds what they lose. Once webhooks arrive, it asks seldom.
        Both = "both",
    }
}

impl FromStr for Watch {
    type Err = Problem;

    fn from_str(word: &str) -> Result<Watch, Problem> {
        let mut all = Watch::ALL.into_iter();
        all.find(|watch| watch.as_str() == word).ok_or_else(|| {
            Problem::new(
                "watch",
                "must be webhooks, polling or both",
                "choose one of the three, or leave it out for both",
            )
            .coded(ProblemCode::NotAChoice)
            .with("choices", "webhooks, polling, both")
        })
    }
}

impl Plan {
    /// The shortest and the longest time between two questions while phones ring.
    pub const POLL_INTERVAL: RangeInclusive<Duration> =
        Duration::from_millis(250)..=Duration::from_secs(60);
    /// The shortest and the longest time that a call may last, from the first answer on.
    pub const MAX_DURATION: RangeInclusive<Duration> =
        Duration::from_secs(1)..=Duration::from_secs(7 * 24 * 3600);
    /// The fewest and the most attempts to start the ingest.
    pub const INGEST_ATTEMPTS: RangeInclusive<u32> = 1..=10;

    /// Ring as `call` says and, once somebody answers, play `media` into its room. The call must name a
    /// room: the ingest has to go into it, also where the service's replies are lost.
    pub fn builder(call: start_call_by_robot::Request, media: Media) -> PlanBuilder {
        PlanBuilder {
            call: Arc::new(call),
            media,
            options: Options {
                watch: Watch::Both,
                poll_interval: Duration::from_secs(1),
                max_duration: Duration::from_secs(3600),
                end_with_media: true,
                end_without_media: true,
                ingest_attempts: 3,
            },
        }
    }

    /// The call.
    #[must_use]
    pub fn call(&self) -> &start_call_by_robot::Request {
        &self.call
    }

    /// The room of the call and of the ingest.
    #[must_use]
    pub fn room(&self) -> &RoomId {
        &self.room
    }

    /// The caller, who is the ingest's user too.
    #[must_use]
    pub fn robot(&self) -> &UserId {
        self.call.robot()
    }

    /// What is played.
    pub fn media(&self) -> &Media {
        &self.media
    }
}

/// Gathers a plan; [`build`](Self::build) reports all problems at once.
#[derive(Debug, Clone)]
#[must_use]
pub struct PlanBuilder {
    pub(super) call: Arc<start_call_by_robot::Request>,
    pub(super) media: Media,
    pub(super) options: Options,
}

impl PlanBuilder {
    /// How the session learns what happens. Default: by webhooks and by asking.
    pub fn watch(mut self, watch: Watch) -> PlanBuilder {
        self.options.watch = watch;
        self
    }

    /// How often to ask while phones ring: 250 ms to 60 s, default 1 s. In the call it is three times as
    /// long, and fifteen times once webhooks arrive.
    pub fn poll_interval(mut self, interval: Duration) -> PlanBuilder {
        self.options.poll_interval = interval;
        self
    }

    /// How long the call may last, from the first answer on: 1 s to 7 days, default 1 hour.
    pub fn max_duration(mut self, duration: Duration) -> PlanBuilder {
        self.options.max_duration = duration;
        self
    }

    /// Whether the call ends when the media is over. Default: it does.
    pub fn end_with_media(mut self, end: bool) -> PlanBuilder {
        self.options.end_with_media = end;
        self
    }

    /// Whether the call ends when the media cannot be played. Default: it does.
    pub fn end_without_media(mut self, end: bool) -> PlanBuilder {
        self.options.end_without_media = end;
        self
    }

    /// How often to try to start the ingest, the first time included: 1 to 10, default 3. Only a start that
    /// certainly failed is tried again.
    pub fn ingest_attempts(mut self, attempts: u32) -> PlanBuilder {
        self.options.ingest_attempts = attempts;
        self
    }

    /// The plan, if it follows every rule.
    ///
    /// # Errors
    /// All problems: a call without room, a time or number outside its range.
    pub fn build(self) -> Result<Plan, InvalidRequest> {
        let PlanBuilder {
            call,
            media,
            options,
        } = self;
        let mut problems = Problems::default();
        let mut hold = |field: &str, rule: &str, found: u64, (from, to): (u64, u64), unit: &str| {
            if !(from..=to).contains(&found) {
                let problem = Problem::new(field, rule, "choose a value in that range")
                    .coded(ProblemCode::OutOfRange)
                    .with("from", from)
                    .with("to", to)
                    .with("found", found);
                problems.push(if unit.is_empty() {
                    problem
                } else {
                    problem.with("unit", unit)
                });
            }
        };
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let range = |range: &RangeInclusive<Duration>| (ms(*range.start()), ms(*range.end()));
        hold(
            "poll_interval",
            "must be from 250 ms to 60 s",
            ms(options.poll_interval),
            range(&Plan::POLL_INTERVAL),
            "ms",
        );
        hold(
            "max_duration",
            "must be from 1 s to 7 days",
            ms(options.max_duration),
            range(&Plan::MAX_DURATION),
            "ms",
        );
        let attempts = &Plan::INGEST_ATTEMPTS;
        hold(
            "ingest_attempts",
            "must be from 1 to 10",
            options.ingest_attempts.into(),
            ((*attempts.start()).into(), (*attempts.end()).into()),
            "",
        );
        let room = call.room().cloned();
        match &room {
            Some(_) => media.problems().for_each(|problem| problems.push(problem)),
            None => problems.push(
                Problem::new(
                    "call.room",
                    "must be given: the media has to go where the call is",
                    "choose a room for the call",
                )
                .coded(ProblemCode::RoomNeeded),
            ),
        }
        problems.into_result()?;
        match room {
            Some(room) => Ok(Plan {
                call,
                room,
                media,
                options,
            }),
            // A missing room left a problem behind.
            None => Err(InvalidRequest::from(Vec::new())),
        }
    }
}

/// A call's properties (see [`start_call_by_robot`]) beside `{ streamUrl, stream?, watch?, pollInterval?, maxDuration?,
/// endWithMedia?, endWithoutMedia?, ingestAttempts? }`; `stream` says how the media is played.
impl FromInput for Plan {
    const WHAT: &'static str = "call";

    fn from_input(input: &mut Properties<'_>) -> Option<Plan> {
        let stream_url = input.required("streamUrl", StreamUrl::given);
        let playback = input.object("stream", |stream| Some(Playback::take(stream)));
        let watch = input.optional("watch", |word| word.text()?.parse::<Watch>());
        let poll_interval = input.optional("pollInterval", Given::milliseconds);
        let max_duration = input.optional("maxDuration", Given::milliseconds);
        let end_with_media = input.optional("endWithMedia", Given::flag);
        let end_without_media = input.optional("endWithoutMedia", Given::flag);
        let ingest_attempts = input.optional("ingestAttempts", |given| given.whole_32("attempts"));
        let call = start_call_by_robot::Request::from_input(input);
        let media = Media::played(stream_url?, playback.unwrap_or_default());
        let mut builder = Plan::builder(call?, media);
        let default = builder.options;
        builder.options = Options {
            watch: watch.unwrap_or(default.watch),
            poll_interval: poll_interval.unwrap_or(default.poll_interval),
            max_duration: max_duration.unwrap_or(default.max_duration),
            end_with_media: end_with_media.unwrap_or(default.end_with_media),
            end_without_media: end_without_media.unwrap_or(default.end_without_media),
            ingest_attempts: ingest_attempts.unwrap_or(default.ingest_attempts),
        };
        let built = builder.build().map_err(|invalid| {
            let problems = invalid.into_problems().into_iter();
            InvalidRequest::from(problems.map(as_given).collect::<Vec<_>>())
        });
        input.note_all(built)
    }
}

/// A user gives the call's properties beside the stream's.
fn as_given(problem: Problem) -> Problem {
    let field = match problem.field.split_once('.') {
        Some(("call", field)) => field.to_owned(),
        Some(("media", field)) => format!("stream.{field}"),
        _ => return problem,
    };
    problem.at(field)
}
